using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Segments;
using Personalization.Node.HotState;
using Personalization.Node.Storage;

namespace Personalization.Node.Segments;

/// <summary>Keeps true who is in which segment: on each event, when time alone changes an answer, and when a segment is put.</summary>
/// <remarks>
/// <para>
/// The thread that folds asks the segments that an event can change, and notes changes; a thread of its own writes them a moment later,
/// members and journal in one transaction. What is stored decides what is a change, so each is in the journal once whatever is asked twice.
/// After a crash everybody folded since the last checkpoint is asked anew, and differences to what is stored are the changes.
/// </para>
/// <para>
/// When to look at somebody again without an event stands in their profile's row, written with it. So it is known for those not in memory
/// and after a restart, and is late by one checkpoint at most.
/// </para>
/// </remarks>
internal sealed partial class SegmentUpkeep : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Database _database;
    private readonly ProfileDirectory _profiles;
    private readonly Func<DecisionPlan> _plan;
    private readonly TimeProvider _time;
    private readonly NodeOptions _options;
    private readonly ILogger<SegmentUpkeep> _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new();

    // The folding thread's own.
    private readonly SegmentEvaluator _folding;
    private readonly List<SegmentFlip> _flips = [];
    private long _now;

    // That of the thread that writes checkpoints.
    private readonly SegmentEvaluator _storing;
    private readonly List<SegmentFlip> _stored = [];

    private HashSet<ProfileSlot>? _recovering = [];

    // What is found and not written yet. Whoever adds to it holds the person's lock, so that each person's changes are in order.
    private readonly Lock _owing = new();
    private List<(ProfileSlot Slot, SegmentFlip Flip)> _owed = [];
    private volatile ActiveSegments _active = ActiveSegments.None;

    public SegmentUpkeep(
        Database database, ProfileDirectory profiles, Vocabulary words, Func<DecisionPlan> plan, TimeProvider time, NodeOptions options, ILogger<SegmentUpkeep> logger)
    {
        _database = database;
        _profiles = profiles;
        _plan = plan;
        _time = time;
        _options = options;
        _logger = logger;
        _folding = new SegmentEvaluator(words, options.Consent);
        _asking = new SegmentEvaluator(words, options.Consent);
        _storing = new SegmentEvaluator(words, options.Consent);
        _thread = new Thread(Run) { Name = "segments", IsBackground = true };
        Adopt();
    }

    /// <summary>Gets the segments that memberships are kept of.</summary>
    public ActiveSegments Active => _active;

    /// <summary>Asks about everybody folded so far, and from now on at each event.</summary>
    public void Start()
    {
        var folded = _recovering!;
        _recovering = null;
        foreach (var slot in folded)
        {
            lock (slot)
            {
                // Memberships are written before profiles are: somebody who seems new may have some.
                slot.Memberships = _database.ReadMemberships(slot.Profile.Id);
                slot.IsNew = false;
                Ask(slot, _active.All, _folding, _flips, Now());
            }
        }

        _thread.Start();
    }

    /// <summary>Takes the time, once for several events.</summary>
    public void BeginFolding() => _now = Now();

    /// <summary>Asks the segments that an event can change. The caller is the folding thread and holds the slot's lock.</summary>
    public void Folded(ProfileSlot slot, string eventType)
    {
        if (_recovering is { } recovering)
        {
            // Once they are all folded, each is asked once.
            _ = !_active.All.IsEmpty && recovering.Add(slot);
            return;
        }

        // Some conditions hold for whoever is known at all, whatever they did first.
        var some = slot.IsNew ? _active.All : _active.ChangedBy(eventType);
        slot.IsNew = false;
        if (!some.IsEmpty)
        {
            Ask(slot, some, _folding, _flips, _now);
        }
    }

    /// <summary>Asks every segment about somebody whose profile became another one: merged, divided, or a link to a login.</summary>
    /// <remarks>The caller is the folding thread and holds the slot's lock.</remarks>
    public void Renewed(ProfileSlot slot)
    {
        if (_recovering is { } recovering)
        {
            recovering.Add(slot);
            return;
        }

        slot.IsNew = false;
        Ask(slot, _active.All, _folding, _flips, _now);
    }

    /// <summary>Removes people from members and journal for good; nobody is told that they left.</summary>
    /// <remarks>To be called once their profiles are gone from memory, so that nothing asks about them any more.</remarks>
    public void Forget(IReadOnlyCollection<string> people)
    {
        lock (_flushing)
        {
            lock (_owing)
            {
                _owed.RemoveAll(owed => people.Contains(owed.Slot.Profile.Id));
                _writing.RemoveAll(owed => people.Contains(owed.Slot.Profile.Id));
            }

            _database.ForgetMembers(people);
        }
    }

    /// <summary>Gives when somebody is to be looked at without an event, in milliseconds since the Unix epoch; 0 for never.</summary>
    /// <remarks>Asks what time may have changed until now, so that nothing lies between what was asked and what is looked at next. One thread.</remarks>
    public long DueOf(ProfileSlot slot)
    {
        var active = _active;
        if (active.ByTime.IsEmpty)
        {
            return 0;
        }

        lock (slot)
        {
            var now = Now();
            Ask(slot, active.ByTime, _storing, _stored, now);
            return active.NextLook(slot.Profile, now) is var next and < long.MaxValue ? next : 0;
        }
    }

    /// <summary>Writes what is found, and ends.</summary>
    public void Dispose()
    {
        _stopping.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stopping.Dispose();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Ask(ProfileSlot slot, ReadOnlySpan<ActiveSegment> some, SegmentEvaluator evaluator, List<SegmentFlip> flips, long now)
    {
        evaluator.Evaluate(some, slot.Profile, now, ref slot.Memberships, flips);
        if (flips.Count > 0)
        {
            Owe(slot, flips);
        }
    }

    private void Owe(ProfileSlot slot, List<SegmentFlip> flips)
    {
        slot.Owe(flips.Count);
        lock (_owing)
        {
            foreach (var flip in flips)
            {
                _owed.Add((slot, flip));
            }
        }

        flips.Clear();
    }
}
