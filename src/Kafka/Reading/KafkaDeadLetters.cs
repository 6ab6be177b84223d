using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Personalization.Kafka.Records;

namespace Personalization.Kafka.Reading;

/// <summary>Writes records that can't be read or delivered to the dead-letter topic, with where they came from and why.</summary>
/// <remarks>
/// Key, value and headers stay as they were. Added are <see cref="TopicHeader"/>, <see cref="PartitionHeader"/>,
/// <see cref="OffsetHeader"/>, <see cref="ReasonHeader"/> and <see cref="DetailHeader"/>, all in UTF-8.
/// </remarks>
public sealed partial class KafkaDeadLetters : IDisposable
{
    /// <summary>The topic the record was read from.</summary>
    public const string TopicHeader = "dead-letter.topic";

    /// <summary>The partition it was read from, in digits.</summary>
    public const string PartitionHeader = "dead-letter.partition";

    /// <summary>Its offset there, in digits.</summary>
    public const string OffsetHeader = "dead-letter.offset";

    /// <summary>Why, in one word.</summary>
    public const string ReasonHeader = "dead-letter.reason";

    /// <summary>Why, in one sentence.</summary>
    public const string DetailHeader = "dead-letter.detail";

    private readonly KafkaStreamOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer;

    /// <summary>Prepares; nothing connects before the first dead letter.</summary>
    public KafkaDeadLetters(KafkaStreamOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _producer = new(() => KafkaClients.Producer(options, $"dead-letters of {options.Topic}", logger));
    }

    /// <summary>Writes one record, and tries until the brokers have it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before they had it.</exception>
    public async Task WriteAsync(KafkaRecord record, RecordRefusal refusal, CancellationToken cancellation)
    {
        var message = new Message<byte[]?, byte[]?> { Key = record.Key, Value = record.Value, Headers = HeadersOf(record, refusal) };
        await Retrying.UntilDoneAsync(
            () => _producer.Value.ProduceAsync(_options.EffectiveDeadLetterTopic, message, cancellation),
            _options,
            _time,
            (failure, failures) => LogFailed(failure, record.Partition, record.Offset, _options.EffectiveDeadLetterTopic, failures),
            cancellation).ConfigureAwait(false);
        KafkaMetrics.CountDeadLetter(KafkaMetrics.PartitionTag.Of(_options.Topic, record.Partition), refusal.Reason);
        LogDeadLetter(record.Partition, record.Offset, refusal.Reason, _options.EffectiveDeadLetterTopic);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }
    }

    private Headers HeadersOf(KafkaRecord record, RecordRefusal refusal)
    {
        var headers = new Headers();
        foreach (var header in record.Headers)
        {
            headers.Add(header.Name, header.Value);
        }

        headers.Add(TopicHeader, Encoding.UTF8.GetBytes(_options.Topic));
        headers.Add(PartitionHeader, Encoding.UTF8.GetBytes(record.Partition.ToString(CultureInfo.InvariantCulture)));
        headers.Add(OffsetHeader, Encoding.UTF8.GetBytes(record.Offset.ToString(CultureInfo.InvariantCulture)));
        headers.Add(ReasonHeader, Encoding.UTF8.GetBytes(refusal.Reason));
        headers.Add(DetailHeader, Encoding.UTF8.GetBytes(refusal.Detail ?? ""));
        return headers;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Partition}/{Offset} became a dead letter ({Reason}) in '{Topic}'.")]
    private partial void LogDeadLetter(int partition, long offset, string reason, string topic);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Record {Partition}/{Offset} could not be written to the dead-letter topic '{Topic}' after {Failures} tries; the commit waits "
        + "for it.")]
    private partial void LogFailed(Exception failure, int partition, long offset, string topic, int failures);
}
