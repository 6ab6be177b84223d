using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Records;

namespace Personalization.Kafka.Reading;

/// <summary>Knows which partition a key belongs to, and brings records there that another program wrote elsewhere.</summary>
/// <remarks>
/// A position in a log orders a key's records only while all of them are in one partition. So the number of partitions that keys are
/// spread over is fixed for an epoch (<see cref="IFoldedPositions.PinPartitionsAsync"/>), whatever is added to the topic later. Programs
/// that know nothing of it, and write where the topic's present size or a partitioner of their own leads them, have their records
/// written again to the right partition: they are folded once, from there.
/// </remarks>
public sealed partial class KeyedPartitions : IDisposable
{
    /// <summary>The header of a record that was written again: where it was found, <c>partition/offset</c>.</summary>
    public const string FoundHeader = "misplaced.found";

    private readonly KafkaStreamOptions _options;
    private readonly IFoldedPositions _positions;
    private readonly Func<CancellationToken, Task<int>> _found;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer;
    private volatile int _count;
    private int _moved;

    /// <summary>Prepares; nothing connects before the first record that has to be moved.</summary>
    /// <param name="options">Where the topic is.</param>
    /// <param name="positions">Where the number is kept.</param>
    /// <param name="found">Gives how many partitions the topic has now, as soon as that is known.</param>
    /// <param name="time">The clock for pauses.</param>
    /// <param name="logger">The log.</param>
    public KeyedPartitions(
        KafkaStreamOptions options, IFoldedPositions positions, Func<CancellationToken, Task<int>> found, TimeProvider time, ILogger logger)
    {
        (_options, _positions, _found, _time, _logger) = (options, positions, found, time, logger);
        _producer = new(() => KafkaClients.Producer(options, $"misplaced of {options.Topic}", logger));
    }

    /// <summary>Gets how many partitions keys are spread over; 0 before that is known.</summary>
    internal int Count => _count;

    /// <summary>Gets how many partitions keys are spread over. Waits for the brokers and the store the first time.</summary>
    public async ValueTask<int> CountAsync(CancellationToken cancellation)
    {
        if (_count == 0)
        {
            var found = await _found(cancellation).ConfigureAwait(false);
            _count = await _positions.PinPartitionsAsync(_options.Topic, _options.TopicEpoch, found, cancellation).ConfigureAwait(false);
            if (_count > found)
            {
                LogTooFew(_options.Topic, found, _count);
            }
        }

        return _count;
    }

    /// <summary>Writes a record to the partition its key belongs to, and tries until the brokers have it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before they had it.</exception>
    internal async Task MoveAsync(KafkaRecord record, int partition, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _moved, 1) == 0)
        {
            LogMisplaced(_options.Topic, record.Partition, record.Offset, partition, _count);
        }

        var headers = new Headers();
        foreach (var header in record.Headers)
        {
            headers.Add(header.Name, header.Value);
        }

        headers.Add(FoundHeader,
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{record.Partition}/{record.Offset}")));
        var message = new Message<byte[]?, byte[]?>
        {
            Key = record.Key,
            Value = record.Value,
            Headers = headers,
            Timestamp = new Timestamp(record.Timestamp, TimestampType.CreateTime),
        };
        await Retrying.UntilDoneAsync(
            () => _producer.Value.ProduceAsync(new TopicPartition(_options.Topic, partition), message, cancellation),
            _options,
            _time,
            (failure, failures) => LogNotMoved(failure, record.Partition, record.Offset, partition, failures),
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Record {Partition}/{Offset} of '{Topic}' has a key that belongs to partition {Right} of {Count}; it is written there again, as is "
        + "every other one like it. Let its writer choose partitions as the Java client does, for {Count} partitions.")]
    private partial void LogMisplaced(string topic, int partition, long offset, int right, int count);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Record {Partition}/{Offset} could not be written again to partition {Right} after {Failures} tries; the commit waits for it.")]
    private partial void LogNotMoved(Exception failure, int partition, long offset, int right, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Topic '{Topic}' has {Found} partitions, and keys are spread over {Count}: it was created anew. Raise 'TopicEpoch' and restart.")]
    private partial void LogTooFew(string topic, int found, int count);
}
