using Personalization.Core.Catalog;
using Personalization.Core.Configuration;
using Personalization.Core.DeadLetters;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Monitoring;
using Personalization.Core.Profiles;
using Personalization.Core.Training;

namespace Personalization.Core;

/// <summary>What the engine does for the outside, whoever hosts it. The one port between the doors and the hosts.</summary>
public partial interface IPersonalizer
{
    /// <summary>Gets the current configuration.</summary>
    ConfigurationState Configuration { get; }

    /// <summary>Takes events in. When it returns they are on disk and in the profiles, or none is.</summary>
    /// <exception cref="UnavailableException">Events can't be made durable now.</exception>
    ValueTask<IngestReceipt> IngestAsync(IReadOnlyList<Event> events, CancellationToken cancellation);

    /// <summary>Decides what placements show. Never waits for storage, except for a profile that is not in memory.</summary>
    ValueTask<Decision> DecideAsync(DecisionRequest request, CancellationToken cancellation);

    /// <summary>Finds a past decision; null where there is none, or it is older than is kept.</summary>
    ValueTask<DecisionRecord?> FindDecisionAsync(DecisionId id, CancellationToken cancellation);

    /// <summary>Reads a profile; null for somebody of whom nothing is known.</summary>
    ValueTask<ProfileView?> FindProfileAsync(string id, CancellationToken cancellation);

    /// <summary>Finds an item of the catalog, or null.</summary>
    Item? FindItem(string id);

    /// <summary>Changes the configuration, all or nothing. When it returns the change is on disk and decisions follow it.</summary>
    /// <exception cref="UnavailableException">The change can't be made durable now.</exception>
    ValueTask<ChangeOutcome> ChangeAsync(ConfigurationChange change, CancellationToken cancellation);

    /// <summary>Reads a part of the audit trail, with everything that was acknowledged before.</summary>
    /// <param name="chain">Which chain, from 0; one that there is not is empty.</param>
    /// <param name="after">The number of the entry before the first one wanted.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="UnavailableException">The trail can't be read now.</exception>
    ValueTask<AuditPage> ReadAuditAsync(int chain, long after, int limit, CancellationToken cancellation);

    /// <summary>Reads the entries of the audit trail that concern a person, the newest last: what they chose and when.</summary>
    /// <exception cref="UnavailableException">The trail can't be read now.</exception>
    ValueTask<IReadOnlyList<AuditEntry>> ReadHistoryAsync(string id, CancellationToken cancellation);

    /// <summary>Reads the alerts about sudden changes in the volume of events, the newest first.</summary>
    /// <exception cref="UnavailableException">They can't be read now.</exception>
    ValueTask<IReadOnlyList<Alert>> ReadAlertsAsync(CancellationToken cancellation);

    /// <summary>Keeps rejected events, the oldest giving way where there are too many.</summary>
    /// <exception cref="UnavailableException">They can't be kept now.</exception>
    ValueTask KeepDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation);

    /// <summary>Gives the rejected events that fit, the newest first.</summary>
    /// <exception cref="UnavailableException">They can't be read now.</exception>
    ValueTask<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation);

    /// <summary>Removes all rejected events that fit, those of a person for example, and gives how many.</summary>
    /// <exception cref="UnavailableException">They can't be removed now.</exception>
    ValueTask<int> RemoveDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation);

    /// <summary>Erases people: profiles, log, decisions, training sessions. When it returns nothing of them is found in any store.</summary>
    /// <param name="ids">Whose; of somebody unknown nothing is erased, and that is no fault.</param>
    /// <param name="cancellation">Ends the waiting. What was begun goes on.</param>
    /// <returns>The receipt, which names nobody.</returns>
    /// <exception cref="UnavailableException">It could not be finished now; where it was noted it goes on, also after a restart.</exception>
    ValueTask<Erasure> EraseAsync(IReadOnlyList<string> ids, CancellationToken cancellation);

    /// <summary>Begins to erase people, at most <see cref="Erasure.MostPeople"/>. When it returns that is noted durably, and goes on also after a restart.</summary>
    /// <exception cref="UnavailableException">It could not be noted.</exception>
    ValueTask<Erasure> BeginErasureAsync(IReadOnlyList<string> ids, CancellationToken cancellation);

    /// <summary>Finds out how far an erasure is; null where there is none, or it was finished long ago.</summary>
    ValueTask<Erasure?> FindErasureAsync(string id, CancellationToken cancellation);

    /// <summary>Reads everything that is kept of a person; null where that is nothing.</summary>
    ValueTask<PersonExport?> ExportAsync(string id, CancellationToken cancellation);

    /// <summary>Reads the finished sessions that are kept for training, oldest first.</summary>
    IAsyncEnumerable<TrainingSession> ReadTrainingAsync(CancellationToken cancellation);

    /// <summary>Gets how much there is.</summary>
    PersonalizerStatistics Statistics { get; }
}
