namespace Personalization.Kafka.Records;

/// <summary>Judges records before they enter a lane, so that one that nobody can read hurts no other.</summary>
public interface IKafkaRecordFormat
{
    /// <summary>Reads a record. Called on the partition's polling thread: quick, and without waiting for anything.</summary>
    /// <param name="record">The record.</param>
    /// <param name="item">What a consumer on the same silo is handed; null where consumers take the <see cref="KafkaRecord"/>.</param>
    /// <param name="refusal">Why the record can't be read. It becomes a dead letter then, as it does when this throws.</param>
    /// <returns>Whether it can be read.</returns>
    bool TryRead(KafkaRecord record, out object? item, out RecordRefusal refusal);
}
