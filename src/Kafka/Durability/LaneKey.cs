namespace Personalization.Kafka.Durability;

/// <summary>Names one lane for all time: what changes its meaning is part of the name.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Epoch">Which life of the topic (<see cref="KafkaStreamOptions.TopicEpoch"/>).</param>
/// <param name="Lanes">How many lanes each partition has.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Lane">The lane, 0 to <paramref name="Lanes"/> - 1.</param>
public readonly record struct LaneKey(string Topic, int Epoch, int Lanes, int Partition, int Lane)
{
    /// <summary>Names a lane of the topic that options describe.</summary>
    public static LaneKey Of(KafkaStreamOptions options, int partition, int lane) =>
        new(options.Topic, options.TopicEpoch, options.LanesPerPartition, partition, lane);

    /// <summary>Gives the name as a key for a store.</summary>
    public override string ToString() => $"{Topic}/e{Epoch}/p{Partition}/{Lane}of{Lanes}";
}
