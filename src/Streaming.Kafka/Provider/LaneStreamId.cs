using System.Globalization;
using Orleans.Runtime;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>The stream of a lane: its key is <c>{partition}-{lane}</c>.</summary>
public static class LaneStreamId
{
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

    internal static int PartitionOf(StreamId stream) => Parse(stream.GetKeyAsString()).Partition;
}
