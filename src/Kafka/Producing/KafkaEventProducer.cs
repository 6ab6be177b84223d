using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Reading;

namespace Personalization.Kafka.Producing;

/// <summary>
/// Writes events to the topic: every replica in sync has an event before it counts as written, and retries write it once.
/// </summary>
/// <remarks>Thread-safe; one for a process is enough. Events of one person keep the order in which they were handed over.</remarks>
public sealed class KafkaEventProducer : IDisposable
{
    private readonly KafkaStreamOptions _options;
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly KeyedPartitions? _keys;

    /// <summary>Prepares a producer. Nothing connects before the first event.</summary>
    /// <param name="options">Where the topic is.</param>
    /// <param name="logger">The log.</param>
    /// <param name="positions">
    /// Keeps how many partitions keys are spread over, where <see cref="KafkaStreamOptions.PinPartitions"/> is set.
    /// </param>
    /// <exception cref="KafkaOptionsException">An option is wrong.</exception>
    public KafkaEventProducer(KafkaStreamOptions options, ILogger<KafkaEventProducer> logger, IFoldedPositions? positions = null)
    {
        KafkaOptionsCheck.Check(options.Topic, options);
        if (options.PinPartitions)
        {
            _keys = new KeyedPartitions(
                options,
                positions ?? throw new KafkaOptionsException($"'{nameof(options.PinPartitions)}' is set, but nothing keeps the number."),
                CountAsync,
                TimeProvider.System,
                logger);
        }

        _options = options;
        _producer = KafkaClients.Producer(options, $"producer of {options.Topic}", logger);
    }

    /// <summary>
    /// Learns how many partitions keys are spread over, where that is pinned. Await it once before events of one person are handed over
    /// side by side: whoever has to wait for it may be overtaken.
    /// </summary>
    /// <exception cref="EventNotStoredException">The brokers, or the store that keeps the number, can't be asked.</exception>
    public async ValueTask PrepareAsync(CancellationToken cancellation = default)
    {
        if (_keys is null)
        {
            return;
        }

        try
        {
            await _keys.CountAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not EventNotStoredException)
        {
            throw new EventNotStoredException(
                $"The partitions of topic '{_options.Topic}' could not be learnt: {failure.Message}", failure);
        }
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

        await PrepareAsync(cancellation).ConfigureAwait(false);
        try
        {
            var partitions = _keys?.Count ?? 0;
            var partition = partitions == 0 ? Partition.Any : new Partition(KeyPartition.Of(message.Key, partitions));
            var written = await _producer.ProduceAsync(new TopicPartition(_options.Topic, partition), message, cancellation)
                .ConfigureAwait(false);
            return written.Status == PersistenceStatus.Persisted
                ? new KafkaPosition(written.Partition.Value, written.Offset.Value)
                : throw new EventNotStoredException(
                    $"The brokers of topic '{_options.Topic}' did not confirm the event ({written.Status}).");
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
        _keys?.Dispose();
    }

    private async Task<int> CountAsync(CancellationToken cancellation)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        var found = (await Task.Run(() => admin.GetMetadata(_options.RequestTimeout), cancellation).ConfigureAwait(false)).Topics
            .FirstOrDefault(topic => topic.Topic == _options.Topic);
        return found is { Error.IsError: false, Partitions.Count: > 0 and var count }
            ? count
            : throw new EventNotStoredException($"Topic '{_options.Topic}' is not there. Create it.");
    }
}
