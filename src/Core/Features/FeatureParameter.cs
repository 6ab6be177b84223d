using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>What may stand in the place of a <c>&lt;name&gt;</c> in a family's pattern.</summary>
/// <param name="Name">Its name in the pattern.</param>
/// <param name="Description">What it is, in a few words.</param>
public sealed record FeatureParameter(string Name, string Description)
{
    /// <summary>Gets the only values it has; null where any text of one character or more is taken, dots included.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Gets what lists the values that a person has something under, for the vector of all of a person's features.</summary>
    public Func<DecisionContext, FeatureRegistry, IEnumerable<string>> Met { get; init; } = (_, _) => [];

    /// <summary>Gets what lists the values there are by configuration, among which a mistyped one is looked for; null where there are none such.</summary>
    public Func<FeatureRegistry, IEnumerable<string>>? Configured { get; init; }
}
