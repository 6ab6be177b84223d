using Personalization.Core.Conditions;
using Personalization.Core.Features;

namespace Personalization.Core.Decisions;

/// <summary>A named place of a page that can change, with all that may happen there.</summary>
public sealed class Placement
{
    /// <summary>Gets the name: <c>home.hero</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the running experiments, asked first, in the order of their ids.</summary>
    public required IReadOnlyList<Experiment> Experiments { get; init; }

    /// <summary>Gets the experiences, the first eligible one of which is shown to people in no experiment.</summary>
    public required IReadOnlyList<Choice> Choices { get; init; }

    /// <summary>Gets how long an answer may be shown again without asking, in milliseconds.</summary>
    public required int TtlMilliseconds { get; init; }

    /// <summary>Gets the features that its conditions read.</summary>
    public required IReadOnlyList<Feature> Features { get; init; }
}
