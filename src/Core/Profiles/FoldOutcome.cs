using Personalization.Core.Privacy;

namespace Personalization.Core.Profiles;

/// <summary>What folding one event did, and what models may learn from it.</summary>
/// <param name="Applied">False where the message was folded before.</param>
/// <param name="Item">The item concerned, as a number in the <see cref="Vocabulary"/>; -1 where there is none.</param>
/// <param name="Previous">The item before it in the same session; -1 where there is none.</param>
public readonly record struct FoldOutcome(bool Applied, int Item, int Previous)
{
    /// <summary>Gets the purposes whose choice is another now.</summary>
    public Purposes ConsentChanged { get; init; }

    /// <summary>Gets whether the person is taken for a program: nothing is learned from it, and no exposure counts.</summary>
    public bool IsAutomated { get; init; }

    /// <summary>The outcome of a message that was folded before.</summary>
    public static readonly FoldOutcome Duplicate = new(false, -1, -1);
}
