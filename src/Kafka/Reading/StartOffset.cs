using Personalization.Kafka.Durability;

namespace Personalization.Kafka.Reading;

/// <summary>Decides where a partition is read from.</summary>
internal static class StartOffset
{
    /// <summary>Decides.</summary>
    /// <param name="committed">The group's position, or null where it has none.</param>
    /// <param name="lanes">What each lane reported durable; null where it never reported. Empty where nobody reports.</param>
    /// <param name="low">The oldest offset that the partition holds.</param>
    /// <param name="high">One more than the newest.</param>
    /// <param name="start">Where to start where nothing is known.</param>
    /// <remarks>
    /// Both sources are safe: below the committed position everything is durable, and below the lowest report of the lanes too, if all
    /// have reported. The higher one replays less.
    /// </remarks>
    public static Decision Of(long? committed, IReadOnlyList<long?> lanes, long low, long high, KafkaStartPosition start)
    {
        var reported = lanes.Count > 0 && lanes.All(through => through is not null) ? lanes.Min() + 1 : null;
        if ((committed ?? reported) is null)
        {
            return new Decision(start == KafkaStartPosition.Earliest ? low : high, 0, false);
        }

        var known = Math.Max(committed ?? 0, reported ?? 0);
        return known switch
        {
            _ when known > high => new Decision(known, 0, true),
            _ when known < low => new Decision(low, low - known, false),
            _ => new Decision(known, 0, false),
        };
    }

    /// <summary>Where to start.</summary>
    /// <param name="Offset">The first offset to read.</param>
    /// <param name="Missing">How many offsets before it are gone unread.</param>
    /// <param name="IsBeyondEnd">Whether the position lies beyond the end: the topic is not the one the position was committed for.</param>
    internal readonly record struct Decision(long Offset, long Missing, bool IsBeyondEnd);
}
