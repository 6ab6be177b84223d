namespace Personalization.Kafka.Durability;

/// <summary>What belongs to the state that is folded from a topic, and therefore lies in the same store as that state.</summary>
/// <remarks>
/// A store that is lost or set back to an earlier day takes these positions along, so reading begins where the state that is really there
/// ends. What the consumer group has committed can't tell that: the brokers know nothing of the store.
/// </remarks>
public interface IFoldedPositions
{
    /// <summary>Fixes how many partitions keys are spread over, once for an epoch of a topic, and for all processes.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="found">How many partitions it has now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The number of the first who asked: a topic that gets more partitions later moves nobody to them.</returns>
    ValueTask<int> PinPartitionsAsync(string topic, int epoch, int found, CancellationToken cancellation);

    /// <summary>Finds the offset below which the state holds every record of a partition; null where nothing is known of it.</summary>
    ValueTask<long?> FindAsync(PartitionKey partition, CancellationToken cancellation);

    /// <summary>
    /// States that the state holds every record of a partition below an offset. Called before the same is committed to the group. A lower
    /// offset than an earlier one must change nothing.
    /// </summary>
    ValueTask SaveAsync(PartitionKey partition, long next, CancellationToken cancellation);
}
