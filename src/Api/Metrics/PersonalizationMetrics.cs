using System.Diagnostics;
using System.Diagnostics.Metrics;
using Personalization.Core;
using Personalization.Core.Decisions;

namespace Personalization.Api.Metrics;

/// <summary>What the doors count, REST and gRPC alike. Meter <c>Personalization</c>.</summary>
internal sealed class PersonalizationMetrics
{
    public const string MeterName = "Personalization";

    private readonly Histogram<double> _decisions;
    private readonly Counter<long> _events;

    public PersonalizationMetrics(IMeterFactory meters, IPersonalizer personalizer)
    {
        var meter = meters.Create(MeterName);
        _decisions = meter.CreateHistogram(
            "personalization.decision.duration",
            "s",
            "How long decisions took, from asked to decided, by what came of them.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = HistogramBuckets.Seconds });
        _events = meter.CreateCounter<long>("personalization.events.ingested", "{event}", "Events at the door, by what became of them.");
        meter.CreateObservableCounter(
            "personalization.decisions.dropped",
            () => personalizer.Statistics.DroppedDecisions,
            "{decision}",
            "Decisions that were answered and not recorded, because the disk could not keep up.");
        meter.CreateObservableCounter(
            "personalization.alerts.raised",
            () => personalizer.Statistics.Alerts,
            "{alert}",
            "Alerts about sudden changes in the volume of one type of events.");
        meter.CreateObservableGauge("personalization.profiles.hot", () => personalizer.Statistics.HotProfiles, "{profile}", "Profiles in memory.");

        // Told as 0 from the start: of a series that begins at 5, Prometheus takes the first 5 for no growth.
        foreach (var result in (ReadOnlySpan<string>)["accepted", "duplicate", "dropped", "rejected"])
        {
            _events.Add(0, new KeyValuePair<string, object?>("result", result));
        }
    }

    /// <summary>Counts a decision.</summary>
    /// <param name="askedAt">The <see cref="Stopwatch"/>'s time stamp when it was asked for.</param>
    /// <param name="decision">What came of it; null where nothing did.</param>
    public void Decided(long askedAt, Decision? decision) =>
        _decisions.Record(
            Stopwatch.GetElapsedTime(askedAt).TotalSeconds,
            new KeyValuePair<string, object?>("outcome", decision is null ? "failed" : Outcome(decision)));

    /// <summary>Counts events that were taken in.</summary>
    public void Ingested(in IngestReceipt receipt)
    {
        Count("accepted", receipt.Accepted - receipt.Duplicates);
        Count("duplicate", receipt.Duplicates);
        Count("dropped", receipt.Dropped);
    }

    /// <summary>Counts events that were not, because something is wrong with them.</summary>
    public void Rejected(int events) => Count("rejected", events);

    private void Count(string result, int events)
    {
        if (events > 0)
        {
            _events.Add(events, new KeyValuePair<string, object?>("result", result));
        }
    }

    /// <summary>Says what a decision shows: ok for at least one experience, control for none. First whether it is whole and fresh.</summary>
    private static string Outcome(Decision decision)
    {
        var outcome = "control";
        for (var i = 0; i < decision.Placements.Count; i++)
        {
            var placement = decision.Placements[i];
            if (placement.Reason == DecisionReason.Failed)
            {
                return "failed";
            }

            outcome = placement.Experience is null ? outcome : "ok";
        }

        return decision.IsStale ? "stale" : outcome;
    }
}
