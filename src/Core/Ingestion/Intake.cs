using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Ingestion;

/// <summary>What happens to an event between a door and the log, the same in every host: it is dropped, or it is completed.</summary>
/// <remarks>
/// When it is completed, nothing else is needed to fold it: a replay needs no catalog and no decisions, and what comes of it is the
/// same whenever and wherever it is folded. Make one for the plan that is current when a batch arrives. Safe for many threads.
/// </remarks>
/// <param name="plan">The configuration.</param>
/// <param name="words">The process's vocabulary.</param>
/// <param name="policy">What holds where a person said nothing.</param>
public sealed class Intake(DecisionPlan plan, Vocabulary words, ConsentPolicy policy)
{
    /// <summary>Says whether <see cref="Admits"/> depends on what the person chose before: a choice is always taken, a denial with the event never.</summary>
    public static bool NeedsChoices(Event source) => source.Type != EventTypes.Consent && source.Consent.Allows(Purposes.Personalization);

    /// <summary>Says whether an event may be taken in at all, and states on it what it may not be used for.</summary>
    /// <remarks>One that may not is dropped at the door: what may not be used is not stored either.</remarks>
    /// <param name="source">The event.</param>
    /// <param name="stored">What the person chose before; of no matter unless <see cref="NeedsChoices"/>.</param>
    public bool Admits(Event source, ConsentChoices stored)
    {
        if (source.Type == EventTypes.Consent)
        {
            return true;
        }

        source.Deny(policy.Denied(source.Consent, stored));
        return source.Consent.Allows(Purposes.Personalization);
    }

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

        if (!source.IsAutomated)
        {
            decision?.ExposeTo(source);
        }

        plan.Contributions.Stamp(source);
    }
}
