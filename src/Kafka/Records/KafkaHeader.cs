namespace Personalization.Kafka.Records;

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name; a record may hold several of one name.</param>
/// <param name="Value">Its value, or null.</param>
public readonly record struct KafkaHeader(string Name, byte[]? Value);
