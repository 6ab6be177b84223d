namespace Personalization.Kafka.Reading;

/// <summary>Decides where a partition is read from.</summary>
internal static class StartOffset
{
    /// <summary>Decides where the state and its position are in one store: what the store knows counts, and nothing else.</summary>
    /// <param name="stored">The position in the store, or null where it has none.</param>
    /// <param name="lanes">What each lane reported to that store; null where it never did. Empty where nobody reports.</param>
    /// <param name="committed">The group's position, or null where it has none.</param>
    /// <param name="bounds">What the partition holds.</param>
    /// <param name="start">Where to start where nothing is known.</param>
    /// <remarks>
    /// Below the stored position everything is in the state, and below the lowest report of the lanes too, if all have reported; the
    /// higher one replays less. The group's position proves nothing, for the store may have been set back since the commit. It only
    /// answers where history is not wanted (<see cref="KafkaStartPosition.Latest"/>): then it says from where on it was.
    /// </remarks>
    public static Decision OfStore(long? stored, IReadOnlyList<long?> lanes, long? committed, Bounds bounds, KafkaStartPosition start)
    {
        var reported = lanes.Count > 0 && lanes.All(through => through is not null) ? lanes.Min() + 1 : null;
        return (stored ?? reported) is null
            ? OfGroup(start == KafkaStartPosition.Latest ? committed : null, bounds, start)
            : Within(Math.Max(stored ?? 0, reported ?? 0), bounds);
    }

    /// <summary>Decides where nothing but the group's position is known.</summary>
    public static Decision OfGroup(long? committed, Bounds bounds, KafkaStartPosition start) => committed is { } known
        ? Within(known, bounds)
        : new Decision(start == KafkaStartPosition.Earliest ? bounds.Low : bounds.High, 0, false);

    private static Decision Within(long known, Bounds bounds) => known switch
    {
        _ when known > bounds.High => new Decision(known, 0, true),
        _ when known < bounds.Low => new Decision(bounds.Low, bounds.Low - known, false),
        _ => new Decision(known, 0, false),
    };

    /// <summary>What a partition holds.</summary>
    /// <param name="Low">The oldest offset.</param>
    /// <param name="High">One more than the newest.</param>
    internal readonly record struct Bounds(long Low, long High);

    /// <summary>Where to start.</summary>
    /// <param name="Offset">The first offset to read.</param>
    /// <param name="Missing">How many offsets before it are gone unread.</param>
    /// <param name="IsBeyondEnd">Whether the position lies beyond the end: the topic is not the one the position belongs to.</param>
    internal readonly record struct Decision(long Offset, long Missing, bool IsBeyondEnd);
}
