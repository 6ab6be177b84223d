using System.Numerics;
using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Kafka.Reading;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>One queue for each partition. The queue of a partition stays the same when others are added.</summary>
internal sealed class KafkaQueueMapper(string provider, KafkaTopic topic) : IConsistentRingStreamQueueMapper
{
    public IEnumerable<QueueId> GetAllQueues() => Enumerable.Range(0, topic.Partitions).Select(QueueOf);

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) =>
        GetAllQueues().Where(queue => range.InRange(queue.GetUniformHashCode()));

    // Asked by adapters that write; this one only reads.
    public QueueId GetQueueForStream(StreamId streamId) => QueueOf(LaneStreamId.PartitionOf(streamId));

    public static int PartitionOf(QueueId queue) => (int)queue.GetNumericId();

    // The bits of the number turned around (van der Corput): any count spreads evenly over a ring, and adding one moves none.
    public QueueId QueueOf(int partition) => QueueId.GetQueueId(provider, (uint)partition, Reverse((uint)partition));

    private static uint Reverse(uint bits)
    {
        var reversed = 0u;
        for (var i = 0; i < 32; i++)
        {
            reversed = BitOperations.RotateLeft(reversed, 1) | ((bits >> i) & 1);
        }

        return reversed;
    }
}
