using Orleans;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Core.Events;
using Personalization.Kafka.Records;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>One batch of one lane on its way to the lane's consumer. Each item's sequence number is its record's offset.</summary>
[GenerateSerializer]
[Immutable]
[Alias("kafka.batch")]
internal sealed class KafkaBatchContainer : IBatchContainer
{
    [Id(0)]
    private readonly KafkaRecord[] _records;

    /// <summary>The batch as the reader of the partition knows it; only there.</summary>
    [field: NonSerialized]
    public LaneBatch? Batch { get; }

    /// <summary>Whether it only reminds a consumer of a batch that it was delivered before.</summary>
    [field: NonSerialized]
    public bool IsReminder { get; }

    public KafkaBatchContainer(StreamId stream, LaneBatch batch, bool isReminder = false)
    {
        IsReminder = isReminder;
        StreamId = stream;
        Batch = batch;
        _records = [.. batch.Records];
        SequenceToken = new EventSequenceTokenV2(batch.LastOffset);
    }

    [Id(1)]
    public StreamId StreamId { get; }

    [Id(2)]
    public StreamSequenceToken SequenceToken { get; }

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        foreach (var record in _records)
        {
            yield return Tuple.Create(ItemOf<T>(record), (StreamSequenceToken)new EventSequenceTokenV2(record.Offset));
        }
    }

    public bool ImportRequestContext() => false;

    public override string ToString() => $"{StreamId} through {SequenceToken}, {_records.Length} records";

    private static T ItemOf<T>(KafkaRecord record)
    {
        // Subscribers to object, such as stream filters, get the item where there is one.
        if (record.Item is T item)
        {
            return item;
        }

        if (record is T raw)
        {
            return raw;
        }

        // On another silo the item has to be read again.
        if (typeof(T) == typeof(Event) && EventRecordFormat.Read(record).Event is T read)
        {
            return read;
        }

        throw new InvalidCastException(
            $"The stream's items are no {typeof(T)}. Subscribe to {nameof(KafkaRecord)}, which every format gives, or to "
            + $"{nameof(Event)} with {nameof(EventRecordFormat)}.");
    }
}
