namespace Personalization.Grains.Profiles;

/// <summary>What folding one event did, as far as models may learn from it.</summary>
/// <param name="Applied">False where the event was folded before.</param>
/// <param name="Item">The item concerned, or null.</param>
/// <param name="Previous">The item before it in the same session, or null.</param>
[GenerateSerializer]
[Immutable]
[Alias("pz.folded-step")]
public readonly record struct FoldedStep([property: Id(0)] bool Applied, [property: Id(1)] string? Item, [property: Id(2)] string? Previous)
{
    /// <summary>Gets the purposes whose choice is another now, as <see cref="Core.Privacy.Purposes"/>.</summary>
    [Id(3)]
    public int ConsentChanged { get; init; }

    /// <summary>Gets whether the log brought the event before, so that what it did the first time is not known any more.</summary>
    [Id(4)]
    public bool IsRepeated { get; init; }

    /// <summary>Gets whether the person is taken for a program.</summary>
    [Id(5)]
    public bool IsAutomated { get; init; }
}
