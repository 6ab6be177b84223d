namespace Personalization.Core.Profiles;

/// <content>Joining what is known of two ids that turned out to be one person.</content>
public sealed partial class UserProfile
{
    /// <summary>Adds to this profile all that another one knows; the other stays as it is.</summary>
    /// <remarks>
    /// Commutative, and associative, as far as no bound is exceeded (<see cref="MostTypes"/>, 16 affinities, 64 exposures, 64 declared features, 1 024
    /// messages): windows and totals add, affinities add up to rounding (1e-9 of the value), of recent items the newest stay, of exposures
    /// the earliest, of choices the stricter. Sessions add, and the two last ones are one where they overlap or less than <see cref="SessionGapSeconds"/> is
    /// between them; that is commutative, but of three only the two joined first can be seen to touch. What is joined
    /// to either (<see cref="Devices"/>) and <see cref="Version"/> stay each profile's own.
    /// </remarks>
    /// <param name="other">The other profile.</param>
    /// <param name="words">The process's vocabulary.</param>
    public void Merge(UserProfile other, Vocabulary words)
    {
        _receivedAt = Math.Max(_receivedAt, other._receivedAt);
        Span<int> slots = stackalloc int[MostTypes];
        for (var i = 0; i < other._types.Length; i++)
        {
            slots[i] = Slot(other._types[i].Type, words);
            ref var type = ref _types[slots[i]];
            type = type with
            {
                Total = (uint)Math.Min(uint.MaxValue, (long)type.Total + other._types[i].Total),
                LastAt = Math.Max(type.LastAt, other._types[i].LastAt),
            };
        }

        _windows.Merge(other._windows, slots, _receivedAt);
        _recent.Merge(other._recent, words);
        _categories.Merge(other._categories);
        _brands.Merge(other._brands);
        _commerce.Merge(other._commerce, _receivedAt);
        _accumulators.Merge(other._accumulators, _receivedAt);
        _assignments.Merge(other._assignments, words);
        _seen.Merge(other._seen);
        _automation.Merge(other._automation);
        if (other._sessions > 0)
        {
            MergeSessions(other, words);
        }

        _consent = _consent.Merge(other._consent);
        Forget(_consent.Denied);
    }

    private void MergeSessions(UserProfile other, Vocabulary words)
    {
        var (earlier, later) = IsLaterThan(other, words) ? (other, this) : (this, other);
        var isOneVisit = _sessions > 0
            && (long)Math.Max(_sessionStart, other._sessionStart) - Math.Min(_lastActive, other._lastActive) < SessionGapSeconds;
        var (start, events, item) = (later._sessionStart, later._sessionEvents, later._lastItem);
        var (counts, previous) = (later._sessionCounts, Math.Max(later._previousActive, earlier._lastActive));
        if (isOneVisit)
        {
            start = Math.Min(start, earlier._sessionStart);
            events += earlier._sessionEvents;
            item = item < 0 ? earlier._lastItem : item;
            counts = counts.Merge(earlier._sessionCounts);
            previous = Math.Max(later._previousActive, earlier._previousActive);
        }

        _firstSeen = _sessions == 0 ? other._firstSeen : Math.Min(_firstSeen, other._firstSeen);
        _sessions += other._sessions - (isOneVisit ? 1 : 0);
        _lastActive = later._lastActive;
        (_sessionStart, _sessionEvents, _lastItem) = (start, events, item);
        (_sessionCounts, _previousActive) = (counts, previous);
    }

    private bool IsLaterThan(UserProfile other, Vocabulary words)
    {
        var (mine, theirs) = ((_sessions > 0, _lastActive, _sessionStart, _sessionEvents), (true, other._lastActive, other._sessionStart, other._sessionEvents));
        var order = mine.CompareTo(theirs);
        return order != 0 ? order > 0 : string.CompareOrdinal(Word(_lastItem), Word(other._lastItem)) > 0;

        string? Word(int item) => item < 0 ? null : words[item];
    }
}
