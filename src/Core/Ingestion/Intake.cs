using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Ingestion;

/// <summary>What happens to an event between a door and the log, the same in every host: it is dropped, or it is completed.</summary>
/// <remarks>
/// When it is completed, nothing else is needed to fold it: a replay needs no catalog and no decisions, and what comes of it is the
/// same whenever and wherever it is folded. Make one for the plan that is current when a batch arrives. Safe for many threads.
/// </remarks>
/// <param name="plan">The configuration.</param>
/// <param name="words">The process's vocabulary.</param>
public sealed class Intake(DecisionPlan plan, Vocabulary words)
{
    /// <summary>Says whether an event may be taken in at all. One that may not is dropped at the door: what may not be used is not stored either.</summary>
    public static bool Admits(Event source) => source.Consent.Allows(Purposes.Personalization);

    /// <summary>Gives the id of the decision that <see cref="Complete"/> needs for an event, or null where it needs none.</summary>
    public static DecisionId? DecisionOf(Event source) =>
        source is { Type: EventTypes.Impression, DecisionId: { } text } && DecisionId.TryParse(text, out var id) ? id : null;

    /// <summary>Fills what the sender left out.</summary>
    /// <param name="source">An event that is admitted.</param>
    /// <param name="decision">What is remembered of the decision that <see cref="DecisionOf"/> named; null where nothing is.</param>
    public void Complete(Event source, DecisionRecord? decision)
    {
        if (source.ItemId is { } id && plan.Catalog.Find(id, words) is { } item)
        {
            source.FillFrom(item);
        }

        decision?.ExposeTo(source);
        plan.Contributions.Stamp(source);
    }
}
