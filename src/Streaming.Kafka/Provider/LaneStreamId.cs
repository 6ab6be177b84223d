using System.Globalization;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>The stream of a lane: its key is <c>{partition}-{lane}</c>.</summary>
public static class LaneStreamId
{
    // Batches have the index 0, so no batch has a token like that of a consumer that attaches.
    private const int AfterAll = int.MaxValue;

    /// <summary>Gets the stream of a lane.</summary>
    public static StreamId Of(string streamNamespace, int partition, int lane) =>
        StreamId.Create(streamNamespace, string.Create(CultureInfo.InvariantCulture, $"{partition}-{lane}"));

    /// <summary>Gets the partition and the lane of a stream, or of a grain that is subscribed to it, by its key.</summary>
    /// <exception cref="FormatException">The key is not that of a lane.</exception>
    public static (int Partition, int Lane) Parse(string key)
    {
        var dash = key.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && int.TryParse(key.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && int.TryParse(key.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var lane)
                ? (partition, lane)
                : throw new FormatException($"'{key}' is no lane; a lane is '{{partition}}-{{lane}}', for example '3-0'.");
    }

    /// <summary>
    /// Gets the token with which a lane's consumer attaches: deliver again whatever comes after what is durable, even what an earlier
    /// activation has taken.
    /// </summary>
    /// <param name="durableThrough">
    /// The consumer's last report (<see cref="Personalization.Kafka.Durability.IDurableOffsets"/>); null where it never reported.
    /// </param>
    /// <remarks>
    /// Every consumer that stores later than it returns needs it. Without it, what the earlier activation held in memory is neither
    /// delivered again nor stored, and the next report covers it up.
    /// </remarks>
    public static StreamSequenceToken After(long? durableThrough) => new EventSequenceTokenV2(durableThrough ?? -1, AfterAll);

    internal static bool IsAfter(StreamSequenceToken token) => token.EventIndex == AfterAll;

    internal static int PartitionOf(StreamId stream) => Parse(stream.GetKeyAsString()).Partition;
}
