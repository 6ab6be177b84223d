using System.Collections.Frozen;
using Personalization.Core.Profiles;

namespace Personalization.Core.Segments;

/// <summary>The segments that memberships are kept of, with an index of what an event can change. Immutable.</summary>
public sealed class ActiveSegments
{
    /// <summary>None at all.</summary>
    public static readonly ActiveSegments None = new([]);

    private readonly ActiveSegment[] _all;
    private readonly ActiveSegment[] _byAnyEvent;
    private readonly ActiveSegment[] _byTime;
    private readonly TimedRead[] _timed;
    private readonly FrozenDictionary<string, ActiveSegment[]> _byType;

    /// <summary>Prepares some segments.</summary>
    public ActiveSegments(IEnumerable<ActiveSegment> segments)
    {
        // In the order of their numbers, as a person's memberships are, so that the two are walked side by side.
        _all = [.. segments.OrderBy(segment => segment.Number)];
        _byAnyEvent = [.. _all.Where(segment => segment.Definition.Reads.AnyEvent)];
        _byTime = [.. _all.Where(segment => segment.Definition.Reads.DependOnTime)];
        _timed = [.. _all.SelectMany(segment => segment.Definition.Reads.Timed).Distinct()];
        _byType = _all.SelectMany(segment => segment.Definition.Reads.EventTypes).Distinct(StringComparer.Ordinal).ToFrozenDictionary(
            type => type,
            type => _all.Where(segment => segment.Definition.Reads.AnyEvent || segment.Definition.Reads.EventTypes.Contains(type)).ToArray(),
            StringComparer.Ordinal);
        ById = _all.ToFrozenDictionary(segment => segment.Definition.Id, StringComparer.Ordinal);
    }

    /// <summary>Gets all of them, by number.</summary>
    public ReadOnlySpan<ActiveSegment> All => _all;

    /// <summary>Gets those whose answer time alone may change.</summary>
    public ReadOnlySpan<ActiveSegment> ByTime => _byTime;

    /// <summary>Gets them by id.</summary>
    public FrozenDictionary<string, ActiveSegment> ById { get; }

    /// <summary>Gets those whose answer an event of a type may change.</summary>
    public ReadOnlySpan<ActiveSegment> ChangedBy(string eventType) => _byType.TryGetValue(eventType, out var some) ? some : _byAnyEvent;

    /// <summary>Finds one by its number; null where there is none any more.</summary>
    public ActiveSegment? Find(int number)
    {
        var index = Array.BinarySearch(_all, number, NumberOrder.Instance);
        return index < 0 ? null : _all[index];
    }

    /// <summary>Gives the first moment after a time at which time alone may change any answer; <see cref="long.MaxValue"/> where none will.</summary>
    /// <param name="profile">The person.</param>
    /// <param name="now">Milliseconds since the Unix epoch, as is the result.</param>
    public long NextLook(UserProfile profile, long now)
    {
        if (!SegmentEvaluator.IsSomebody(profile))
        {
            return TimedRead.Never;
        }

        var next = TimedRead.Never;
        foreach (ref readonly var read in _timed.AsSpan())
        {
            next = Math.Min(next, read.NextAfter(profile, now));
        }

        return next;
    }

    private sealed class NumberOrder : System.Collections.IComparer
    {
        public static readonly NumberOrder Instance = new();

        public int Compare(object? x, object? y) => (x is ActiveSegment segment ? segment.Number : (int)x!).CompareTo(y is ActiveSegment other ? other.Number : (int)y!);
    }
}
