using Microsoft.Extensions.Logging;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Records;

namespace Personalization.Kafka.Reading;

/// <summary>What all readers of one topic in a process share.</summary>
public sealed class KafkaReading : IAsyncDisposable
{
    /// <summary>Prepares; nothing connects yet.</summary>
    /// <param name="options">Where the topic is, and the caps.</param>
    /// <param name="format">Judges the records.</param>
    /// <param name="positions">
    /// Where the folded state keeps its position; an <see cref="IDurableOffsets"/> where <see cref="KafkaStreamOptions.CommitWhen"/> is
    /// Durable. Null: the position is what the group committed.
    /// </param>
    /// <param name="time">The clock for pauses and intervals.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="KafkaOptionsException">The options need positions that are not there.</exception>
    public KafkaReading(
        KafkaStreamOptions options, IKafkaRecordFormat format, IFoldedPositions? positions, TimeProvider time, ILogger logger)
    {
        if (options.CommitWhen == KafkaCommit.Durable && positions is not IDurableOffsets)
        {
            throw new KafkaOptionsException(
                $"'{nameof(options.CommitWhen)}' is Durable, but there is no {nameof(IDurableOffsets)} to learn from.");
        }

        if (options.PinPartitions && positions is null)
        {
            throw new KafkaOptionsException(
                $"'{nameof(options.PinPartitions)}' is set, but there is no {nameof(IFoldedPositions)} to keep the number.");
        }

        (Options, Format, Positions, Time, Logger) = (options, format, positions, time, logger);
        DeadLetters = new KafkaDeadLetters(options, time, logger);
        Topic = new KafkaTopic(options, time, logger);
        Keys = options.PinPartitions ? new KeyedPartitions(options, positions!, Topic.CountAsync, time, logger) : null;
    }

    internal KafkaStreamOptions Options { get; }

    internal IKafkaRecordFormat Format { get; }

    internal IFoldedPositions? Positions { get; }

    internal IDurableOffsets? Durable => Options.CommitWhen == KafkaCommit.Durable ? (IDurableOffsets)Positions! : null;

    internal KafkaDeadLetters DeadLetters { get; }

    internal KafkaTopic Topic { get; }

    internal KeyedPartitions? Keys { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    /// <summary>Ends what readers share; they have ended before.</summary>
    public async ValueTask DisposeAsync()
    {
        await Topic.DisposeAsync().ConfigureAwait(false);
        DeadLetters.Dispose();
        Keys?.Dispose();
    }
}
