using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Streaming.Kafka.Reading;

namespace Personalization.Streaming.Kafka.Producing;

/// <summary>Writes events to the topic: every replica in sync has an event before it counts as written, and retries write it once.</summary>
/// <remarks>Thread-safe; one for a process is enough. Events of one person keep the order in which they were handed over.</remarks>
public sealed class KafkaEventProducer : IDisposable
{
    private readonly KafkaStreamOptions _options;
    private readonly IProducer<byte[]?, byte[]?> _producer;

    /// <summary>Prepares a producer. Nothing connects before the first event.</summary>
    /// <exception cref="KafkaOptionsException">An option is wrong.</exception>
    public KafkaEventProducer(KafkaStreamOptions options, ILogger<KafkaEventProducer> logger)
    {
        KafkaOptionsCheck.Check(options.Topic, options);
        _options = options;
        _producer = KafkaClients.Producer(options, $"producer of {options.Topic}", logger);
    }

    /// <summary>Writes one event.</summary>
    /// <returns>Where it lies, once it is durable.</returns>
    /// <exception cref="EventNotStoredException">
    /// The brokers did not confirm it, within <c>message.timeout.ms</c> of the client properties (5 minutes unless set).
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled; the event may be written all the same.</exception>
    public async Task<KafkaPosition> ProduceAsync(Event source, CancellationToken cancellation = default)
    {
        // Nothing under the key: where the topic is compacted, that also drops what was there.
        var isErasure = source.Type == EventTypes.Erase;
        var message = new Message<byte[]?, byte[]?>
        {
            Key = EventRecord.KeyOf(source),
            Value = isErasure ? null : EventRecord.ValueOf(source),
            Headers = new Headers { { EventRecord.VersionHeader, EventRecord.VersionValue.ToArray() } },
            Timestamp = new Timestamp(source.ReceivedAt, TimestampType.CreateTime),
        };
        if (isErasure)
        {
            message.Headers.Add(EventRecord.EraseHeader, Encoding.UTF8.GetBytes(source.MessageId));
        }

        try
        {
            var written = await _producer.ProduceAsync(_options.Topic, message, cancellation).ConfigureAwait(false);
            return written.Status == PersistenceStatus.Persisted
                ? new KafkaPosition(written.Partition.Value, written.Offset.Value)
                : throw new EventNotStoredException($"The brokers of topic '{_options.Topic}' did not confirm the event ({written.Status}).");
        }
        catch (KafkaException failure)
        {
            throw new EventNotStoredException($"Topic '{_options.Topic}' did not take the event: {failure.Error.Reason}", failure);
        }
    }

    /// <summary>Waits until the brokers confirmed what was handed over, then closes.</summary>
    public void Dispose()
    {
        _producer.Flush(_options.RequestTimeout);
        _producer.Dispose();
    }
}
