namespace Personalization.Kafka.Durability;

/// <summary>Names one partition for all time.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Epoch">Its epoch (<see cref="KafkaStreamOptions.TopicEpoch"/>).</param>
/// <param name="Partition">The partition.</param>
public readonly record struct PartitionKey(string Topic, int Epoch, int Partition)
{
    /// <summary>Names a partition of the topic that options describe.</summary>
    public static PartitionKey Of(KafkaStreamOptions options, int partition) => new(options.Topic, options.TopicEpoch, partition);

    /// <summary>Gives the name as a key for a store.</summary>
    public override string ToString() => $"{Topic}/e{Epoch}/p{Partition}";
}
