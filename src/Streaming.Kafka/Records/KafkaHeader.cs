using Orleans;

namespace Personalization.Streaming.Kafka.Records;

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name; a record may hold several of one name.</param>
/// <param name="Value">Its value, or null.</param>
[GenerateSerializer]
[Immutable]
[Alias("kafka.header")]
public readonly record struct KafkaHeader([property: Id(0)] string Name, [property: Id(1)] byte[]? Value);
