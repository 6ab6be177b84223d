using Personalization.Core.Ingestion;

namespace Personalization.Streaming.Kafka.Records;

/// <summary>The personalization engine's events (<see cref="EventRecord"/>); an item is a <see cref="Core.Events.Event"/>.</summary>
public sealed class EventRecordFormat : IKafkaRecordFormat
{
    /// <inheritdoc/>
    public bool TryRead(KafkaRecord record, out object? item, out RecordRefusal refusal)
    {
        var read = Read(record);
        item = read.Event;
        refusal = new RecordRefusal(NameOf(read.Reason), read.Detail);
        return read.Event is not null;
    }

    internal static RecordReading Read(KafkaRecord record) =>
        EventRecord.Read(record.Key, record.Value, record.Header(EventRecord.VersionHeader), record.Header(EventRecord.EraseHeader));

    private static string NameOf(PoisonReason reason) => reason switch
    {
        PoisonReason.NoKey => "no-key",
        PoisonReason.NoValue => "no-value",
        PoisonReason.UnknownVersion => "unknown-version",
        PoisonReason.ForeignKey => "foreign-key",
        _ => "damaged",
    };
}
