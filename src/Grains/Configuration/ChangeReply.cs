using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Grains.Configuration;

/// <summary>A <see cref="ChangeOutcome"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("pz.change-reply")]
public sealed record ChangeReply(
    [property: Id(0)] int Status,
    [property: Id(1)] long Revision,
    [property: Id(2)] (int Kind, string Id)[] Changed,
    [property: Id(3)] int ChangedItems,
    [property: Id(4)] (string Path, string Code, string Detail)[] Problems)
{
    /// <summary>Packs an outcome.</summary>
    public static ChangeReply Of(ChangeOutcome outcome) => new(
        (int)outcome.Status,
        outcome.Revision,
        [.. outcome.Changed.Select(key => ((int)key.Kind, key.Id))],
        outcome.ChangedItems,
        [.. outcome.Problems.Select(problem => (problem.Path, problem.Code, problem.Detail))]);

    /// <summary>Unpacks the outcome.</summary>
    public ChangeOutcome ToOutcome() => new(
        (ChangeStatus)Status,
        Revision,
        [.. Changed.Select(key => ((ConfigurationKind)key.Kind, key.Id))],
        ChangedItems,
        [.. Problems.Select(problem => new Problem(problem.Path, problem.Code, problem.Detail))]);
}
