using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Node.HotState;
using Personalization.Node.Privacy;
using Personalization.Node.Segments;

namespace Personalization.Node.Ingestion;

/// <summary>Folds committed events into profiles and knowledge, in the order of the log. One thread.</summary>
internal sealed partial class Folder(
    ProfileDirectory profiles, ItemKnowledge knowledge, ChangeTracker changes, SegmentUpkeep segments, AuditTrail audit, Vocabulary words,
    ILogger<Folder> logger)
{
    private readonly DeviceLinker _links = new(profiles, changes, segments, words);
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
        segments.BeginFolding();
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
            var slot = Follow(profiles.GetOrAdd(source.PersonId));
            FoldOutcome outcome;
            lock (slot)
            {
                changes.Changing(slot);
                outcome = slot.Profile.Fold(source, position, words);
                if (outcome.ConsentChanged != Purposes.None)
                {
                    segments.Renewed(slot);
                }
                else if (outcome.Applied)
                {
                    segments.Folded(slot, source.Type);
                }
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
