using Personalization.Kafka;
using Personalization.Node.Storage;

namespace Personalization.Node.Kafka;

/// <summary>Opens topics.</summary>
internal static class EventFeeds
{
    private const string Group = "personalization.node";

    /// <summary>Prepares to read and write a topic. Brokers that are down are waited for later.</summary>
    /// <exception cref="StorageException">Something about it is wrong; the message names the option.</exception>
    public static IEventFeed Open(KafkaAddress address, NodeOptions options, Database database, TimeProvider time, ILoggerFactory loggers)
    {
        var settings = new KafkaStreamOptions
        {
            Brokers = address.Brokers,
            Topic = address.Topic,
            Group = Group,

            // One thread folds; more lanes would only make batches smaller.
            LanesPerPartition = 1,
            PinPartitions = true,
        };
        try
        {
            KafkaProperties.Read("--kafka-property", options.KafkaProperties, settings.Client, Environment.GetEnvironmentVariable);

            // A sender waits for its events; after this it is told to send again.
            settings.Client.TryAdd("message.timeout.ms", "10000");
            KafkaClientCheck.Check("--kafka-property", settings);
        }
        catch (KafkaOptionsException wrong)
        {
            throw new StorageException(wrong.Message, wrong);
        }

        return new KafkaFeed(settings, database, time, loggers);
    }
}
