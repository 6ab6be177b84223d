namespace Personalization.Kafka.Records;

/// <summary>Why a record became a dead letter.</summary>
/// <param name="Reason">One of few short words, for metrics and filters.</param>
/// <param name="Detail">One sentence for people.</param>
public readonly record struct RecordRefusal(string Reason, string? Detail);
