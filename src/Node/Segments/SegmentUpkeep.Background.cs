using Personalization.Core.Segments;
using Personalization.Node.HotState;
using Personalization.Node.Storage;

namespace Personalization.Node.Segments;

/// <content>The thread that writes what was found, looks at whom time may have moved, and asks everybody about new segments.</content>
internal sealed partial class SegmentUpkeep
{
    // So many people at once: a few milliseconds of one thread and of the database.
    private const int Slice = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    // How many moments ahead a person is looked at, so that most are woken only when something does change.
    private const int LookAhead = 64;

    private const int ClearedAtOnce = 2_000;

    private readonly SegmentEvaluator _asking;
    private readonly List<SegmentFlip> _asked = [];
    private readonly Lock _flushing = new();
    private List<(ProfileSlot Slot, SegmentFlip Flip)> _writing = [];
    private Queue<ProfileSlot>? _hot;
    private Core.Decisions.DecisionPlan? _adopted;
    private bool _isPending;
    private bool _isClearing;
    private string? _backfilled;
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets what ends once something was written to the journal.</summary>
    public Task Written => Volatile.Read(ref _written).Task;

    private void Run()
    {
        while (!_stopping.Wait(Tick))
        {
            Try(Adopt);
            while (Try(Work))
            {
                // More is left to do; others have the processor and the database in between.
                if (_stopping.Wait(Pause))
                {
                    break;
                }
            }
        }

        Try(() => Flush(new UpkeepRows()));
    }

    private bool Try(Action work) => Try(() =>
    {
        work();
        return false;
    });

    private bool Try(Func<bool> work)
    {
        try
        {
            return work();
        }
#pragma warning disable CA1031 // Nothing was written, and all of it is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception);
            return false;
        }
    }

    /// <summary>Does a little of each thing that is to be done; says whether there is more.</summary>
    private bool Work()
    {
        Flush(new UpkeepRows());
        var more = Sweep();
        more |= _isPending && Backfill();
        if (_isClearing)
        {
            more |= _isClearing = _database.ClearDeletedSegments(ClearedAtOnce);
        }

        return more;
    }

    /// <summary>Takes over the segments of a new plan.</summary>
    private void Adopt()
    {
        var plan = _plan();
        if (ReferenceEquals(plan.Definitions, _adopted?.Definitions))
        {
            return;
        }

        var known = _database.ReadSegments().Where(row => !row.IsDeleted).ToDictionary(row => row.Id, StringComparer.Ordinal);
        var put = plan.Definitions
            .Where(definition => !known.TryGetValue(definition.Id, out var row) || row.Fingerprint != definition.Fingerprint)
            .Select(definition => (definition.Id, definition.Fingerprint))
            .ToArray();
        var removed = known.Keys.Except(plan.Definitions.Select(definition => definition.Id)).ToArray();
        if (put.Length + removed.Length > 0)
        {
            _database.WriteSegments(put, removed, Now());
            Announce();
        }

        var rows = _database.ReadSegments();
        var numbers = rows.Where(row => !row.IsDeleted).ToDictionary(row => row.Id, row => row.Number, StringComparer.Ordinal);
        _active = new ActiveSegments(plan.Definitions.Select(definition => new ActiveSegment(numbers[definition.Id], definition)));
        _isPending = rows.Any(row => row.IsPending);
        _isClearing = rows.Any(row => row.IsDeleted);
        _backfilled = _database.ReadBackfill();
        _hot = null;
        _adopted = plan;
    }

    private bool Sweep()
    {
        var due = _database.ReadDue(Now(), Slice);
        if (due.Count == 0)
        {
            return false;
        }

        var active = _active;
        var next = new List<(string, long, long)>(due.Count);
        var borrowed = new List<ProfileSlot>(due.Count);
        foreach (var (person, was) in due)
        {
            var again = 0L;
            Visit(person, borrowed, (slot, now) =>
            {
                again = _asking.NextFlip(active, slot.Profile, slot.Memberships, now, LookAhead) is var flip and < long.MaxValue ? flip : 0;
            });
            next.Add((person, was, again));
        }

        Flush(new UpkeepRows { Due = next });
        Return(borrowed);
        return due.Count == Slice;
    }

    /// <summary>Asks some more people about every segment; says whether there are others left.</summary>
    private bool Backfill()
    {
        // Those in memory first: they may not be in the database yet.
        _hot ??= new Queue<ProfileSlot>(_profiles.Hot);
        var active = _active;
        var borrowed = new List<ProfileSlot>(Slice);
        var latest = new List<(string, long)>(Slice);
        if (_hot.Count > 0)
        {
            for (var left = Slice; left > 0 && _hot.TryDequeue(out var slot); left--)
            {
                Visit(slot.Profile.Id, borrowed, Wake);
            }

            Flush(new UpkeepRows { DueAtLatest = latest });
            Return(borrowed);
            return true;
        }

        var ids = _database.ReadProfileIds(_backfilled, Slice);
        foreach (var id in ids)
        {
            Visit(id, borrowed, Wake);
        }

        var isDone = ids.Count < Slice;
        Flush(new UpkeepRows { DueAtLatest = latest, BackfilledThrough = isDone ? null : ids[^1], IsBackfilled = isDone });
        Return(borrowed);
        _backfilled = isDone ? null : ids[^1];
        _isPending = !isDone;
        return !isDone;

        void Wake(ProfileSlot slot, long now)
        {
            if (active.NextLook(slot.Profile, now) is var next and < long.MaxValue)
            {
                latest.Add((slot.Profile.Id, next));
            }
        }
    }

    /// <summary>Asks every segment about somebody, and then does something else while nobody can change them.</summary>
    private void Visit(string person, List<ProfileSlot> borrowed, Action<ProfileSlot, long> then)
    {
        while (_profiles.Borrow(person) is { } slot)
        {
            lock (slot)
            {
                if (!_profiles.IsCurrent(slot))
                {
                    continue;
                }

                // One moment for both: what changes after the asking is to be foreseen.
                var now = Now();
                slot.IsNew = false;
                Ask(slot, _active.All, _asking, _asked, now);
                then(slot, now);
                borrowed.Add(slot);
                return;
            }
        }
    }

    private void Return(List<ProfileSlot> borrowed)
    {
        foreach (var slot in borrowed)
        {
            _profiles.Release(slot);
        }
    }

    private void Flush(UpkeepRows rows)
    {
        lock (_flushing)
        {
            lock (_owing)
            {
                // What failed to be written before is older, and comes first.
                _writing.AddRange(_owed);
                _owed.Clear();
            }

            if (_writing.Count == 0 && rows is { Due.Count: 0, DueAtLatest.Count: 0, BackfilledThrough: null, IsBackfilled: false })
            {
                return;
            }

            var active = _active;
            var changes = _writing
                .Where(owed => active.Find(owed.Flip.Segment) is not null)
                .Select(owed => new MembershipChange(owed.Slot.Profile.Id, active.Find(owed.Flip.Segment)!.Definition.Id, owed.Flip))
                .ToArray();
            var before = _database.LastSegmentChange;
            _database.WriteUpkeep(rows with { Changes = changes }, _options.SegmentJournal);
            foreach (var (slot, _) in _writing)
            {
                slot.Owe(-1);
            }

            _writing.Clear();
            if (_database.LastSegmentChange != before)
            {
                Announce();
            }
        }
    }

    private void Announce() =>
        Interlocked.Exchange(ref _written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    [LoggerMessage(Level = LogLevel.Error, Message = "Who is in which segment could not be brought up to date; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
