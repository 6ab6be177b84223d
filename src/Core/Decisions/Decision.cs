namespace Personalization.Core.Decisions;

/// <summary>One answer: what each placement shows, and what it was decided from. Immutable.</summary>
public sealed class Decision
{
    /// <summary>Gets the id that impressions, clicks and rewards refer to.</summary>
    public required DecisionId Id { get; init; }

    /// <summary>Gets the person's id.</summary>
    public required string PersonId { get; init; }

    /// <summary>Gets the id of the device that asked, or null where none was named.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Gets when it was made, in milliseconds since the Unix epoch.</summary>
    public required long DecidedAt { get; init; }

    /// <summary>Gets the log position of the last event of the person it has seen; 0 for a stranger.</summary>
    public required long ProfileVersion { get; init; }

    /// <summary>Gets whether the caller named a version that nothing folded so far reaches.</summary>
    public required bool IsStale { get; init; }

    /// <summary>Gets the revision of the configuration it was made under.</summary>
    public required long ConfigurationRevision { get; init; }

    /// <summary>Gets what each placement shows, in the order asked.</summary>
    public required IReadOnlyList<PlacementDecision> Placements { get; init; }

    /// <summary>Gets the features that conditions looked at.</summary>
    public required IReadOnlyList<FeatureValue> Features { get; init; }

    /// <summary>Gets whether it may be remembered: nothing is kept of somebody who denied personalization.</summary>
    public bool MayBeKept { get; init; } = true;

    /// <summary>Gets how long the answer may be shown again without asking, in milliseconds.</summary>
    public required int TtlMilliseconds { get; init; }
}
