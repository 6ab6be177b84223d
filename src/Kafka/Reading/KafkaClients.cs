using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Personalization.Kafka.Reading;

/// <summary>Builds the clients of librdkafka, all with the same reading of the options.</summary>
internal static partial class KafkaClients
{
    public static IConsumer<byte[]?, byte[]?> Consumer(
        KafkaStreamOptions options, string client, ILogger logger, Action<ConsumerBuilder<byte[]?, byte[]?>>? join = null)
    {
        var config = new ConsumerConfig(Properties(options, client))
        {
            GroupId = options.EffectiveGroup,

            // What is committed, and where reading starts, is decided here and nowhere else.
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            AllowAutoCreateTopics = false,
            EnablePartitionEof = false,
        };
        if (join is not null)
        {
            config.GroupId = options.OwnersGroup;
            config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        }

        // What librdkafka fetches ahead comes on top of what is buffered here, and is fetched again after a pause.
        config.QueuedMaxMessagesKbytes ??= (int)Math.Clamp(options.MaxBufferedBytes >> 12, 1_024, 65_536);
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => LogClientError(logger, client, error.Code, error.Reason))
            .SetLogHandler((_, line) => LogClientLine(logger, client, line.Message));
        join?.Invoke(builder);
        return builder.Build();
    }

    public static IProducer<byte[]?, byte[]?> Producer(KafkaStreamOptions options, string client, ILogger logger)
    {
        var config = new ProducerConfig(Properties(options, client)) { Acks = Acks.All, EnableIdempotence = true };

        // The same key goes to the same partition as with the Java client; librdkafka's own default differs.
        config.Partitioner ??= Partitioner.Murmur2Random;
        config.LingerMs ??= 2;
        return new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => LogClientError(logger, client, error.Code, error.Reason))
            .SetLogHandler((_, line) => LogClientLine(logger, client, line.Message))
            .Build();
    }

    private static Dictionary<string, string> Properties(KafkaStreamOptions options, string client)
    {
        var properties = new Dictionary<string, string>(options.Client, StringComparer.Ordinal) { ["bootstrap.servers"] = options.Brokers };
        properties.TryAdd("client.id", client);
        return properties;
    }

    // A broker that is down is met with a retry by librdkafka; what matters beyond that is logged where it matters.
    [LoggerMessage(Level = LogLevel.Debug, Message = "Kafka client {Client} met {Code}: {Reason}")]
    private static partial void LogClientError(ILogger logger, string client, ErrorCode code, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Kafka client {Client}: {Line}")]
    private static partial void LogClientLine(ILogger logger, string client, string line);
}
