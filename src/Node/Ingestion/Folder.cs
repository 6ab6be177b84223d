using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Node.HotState;
using Personalization.Node.Privacy;
using Personalization.Node.Training;

namespace Personalization.Node.Ingestion;

/// <summary>Folds committed events into profiles and knowledge, in the order of the log. One thread.</summary>
internal sealed partial class Folder(
    ProfileDirectory profiles,
    ItemKnowledge knowledge,
    SessionRecorder training,
    ChangeTracker changes,
    AuditTrail audit,
    Vocabulary words,
    ILogger<Folder> logger)
{
    private readonly DeviceLinker _links = new(profiles, changes, words);
    private readonly LearningDelta _learned = new();
    private readonly Dictionary<int, ItemSlot> _items = [];
    private long _foldedThrough;

    /// <summary>Gets the position up to which everything is folded.</summary>
    public long FoldedThrough => Volatile.Read(ref _foldedThrough);

    /// <summary>Starts after a checkpoint.</summary>
    public void StartAfter(long position) => _foldedThrough = position;

    /// <summary>Folds events that follow one another in the log; says how many were folded before.</summary>
    public int Fold(IReadOnlyList<Event> events, long firstPosition)
    {
        var duplicates = 0;
        for (var i = 0; i < events.Count; i++)
        {
            duplicates += TryFold(events[i], firstPosition + i) ? 0 : 1;
        }

        return duplicates;
    }

    /// <summary>Ends a commit group: models take in what it taught, and its events count as folded.</summary>
    public void EndGroup(long lastPosition)
    {
        if (!_learned.IsEmpty)
        {
            knowledge.Merge(_learned, Changing);
            _learned.Clear();
        }

        Volatile.Write(ref _foldedThrough, lastPosition);
    }

    private bool TryFold(Event source, long position)
    {
        try
        {
            if (source.Type == EventTypes.Erase)
            {
                Erase(source);
                return true;
            }

            var slot = Follow(profiles.GetOrAdd(source.PersonId));
            FoldOutcome outcome;
            lock (slot)
            {
                changes.Changing(slot);
                outcome = slot.Profile.Fold(source, position, words);
            }

            if (outcome.ConsentChanged != Purposes.None)
            {
                audit.Note(AuditDrafts.Of(slot.Profile.Id, source, outcome.ConsentChanged, position));
            }

            if (outcome.Applied && (source.Exposures.Count > 0 || source.Type is EventTypes.Identify or EventTypes.Alias))
            {
                _links.Fold(source, slot);
            }

            _learned.Learn(source, outcome);
            if (outcome is { Applied: true, IsAutomated: false })
            {
                training.Record(source);
            }

            return outcome.Applied;
        }
#pragma warning disable CA1031 // The event is durable; one that can't be folded must not hold up all that follow.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotFolded(exception, position);
            return true;
        }
    }

    // Only this thread makes links, so it may look at one without a lock.
    private ProfileSlot Follow(ProfileSlot slot) => slot.Profile.Owner is { } login ? profiles.GetOrAdd(login) : slot;

    // The devices of a login are the same person. What was noted when the erasure was asked for may have changed since.
    private void Erase(Event mark)
    {
        var (person, erasure) = (mark.PersonId, mark.MessageId);
        if (profiles.Find(person)?.Profile is { } known)
        {
            foreach (var device in known.Devices)
            {
                changes.Changing(profiles.Erase(device.Id, erasure));
            }

            if (known.Owner is { } login && profiles.Find(login) is { } owner)
            {
                lock (owner)
                {
                    changes.Changing(owner);
                    owner.Profile.Detach(person);
                }
            }
        }

        changes.Changing(profiles.Erase(person, erasure));
        training.Erase(person);
    }

    private void Changing(ItemStatistics statistics)
    {
        if (!_items.TryGetValue(statistics.Item, out var slot))
        {
            _items[statistics.Item] = slot = new ItemSlot(statistics, words);
        }

        lock (slot)
        {
            changes.Changing(slot);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The event at position {Position} could not be folded and was passed over.")]
    private partial void LogNotFolded(Exception exception, long position);
}
