namespace Personalization.Kafka.Records;

/// <summary>Takes every record as it is; consumers subscribe to <see cref="KafkaRecord"/>. Records without a key share a lane.</summary>
public sealed class PlainRecordFormat : IKafkaRecordFormat
{
    /// <inheritdoc/>
    public bool TryRead(KafkaRecord record, out object? item, out RecordRefusal refusal)
    {
        (item, refusal) = (null, default);
        return true;
    }
}
