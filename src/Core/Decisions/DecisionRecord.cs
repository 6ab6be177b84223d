using Personalization.Core.Events;

namespace Personalization.Core.Decisions;

/// <summary>A decision as it is remembered: what was decided, by ids, and from which features.</summary>
public sealed record DecisionRecord
{
    /// <summary>Gets the decision's id.</summary>
    public required DecisionId Id { get; init; }

    /// <summary>Gets the person's id.</summary>
    public required string PersonId { get; init; }

    /// <summary>Gets the id of the device that asked, or null where none was named.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Gets when it was made, in milliseconds since the Unix epoch.</summary>
    public required long DecidedAt { get; init; }

    /// <summary>Gets the log position of the last event of the person it had seen.</summary>
    public required long ProfileVersion { get; init; }

    /// <summary>Gets the revision of the configuration it was made under.</summary>
    public required long ConfigurationRevision { get; init; }

    /// <summary>Gets what each placement showed.</summary>
    public required IReadOnlyList<PlacementRecord> Placements { get; init; }

    /// <summary>Gets the features that conditions looked at.</summary>
    public required IReadOnlyList<FeatureValue> Features { get; init; }

    /// <summary>States on an impression of this decision which variants it exposes the person to.</summary>
    /// <remarks>
    /// Another person's impression exposes nobody: it is a mistake of the page, or forged. Who logs in or out between the decision and
    /// the impression is another by the person's id and the same by the device's.
    /// </remarks>
    public void ExposeTo(Event impression)
    {
        if (impression.PersonId != PersonId && (impression.AnonymousId is not { } device || (device != DeviceId && device != PersonId)))
        {
            return;
        }

        var exposures = Placements
            .Where(placement => placement is { Experiment: not null, Variant: not null }
                && (impression.Placement is null || impression.Placement == placement.Name))
            .Select(placement => new Exposure(placement.Experiment!, placement.Version, placement.Variant!))
            .ToArray();
        if (exposures.Length > 0)
        {
            impression.Expose(exposures);
        }
    }
}
