namespace Personalization.Kafka.Producing;

/// <summary>Where a record lies.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">Its offset there.</param>
public readonly record struct KafkaPosition(int Partition, long Offset);
