using Personalization.Node.Storage;

namespace Personalization.Node.Kafka;

/// <summary>Stands in for the Kafka client in builds without one (the property KafkaClient of Directory.Build.props).</summary>
internal static class EventFeeds
{
    /// <summary>Refuses.</summary>
    public static IEventFeed Open(
        KafkaAddress address, NodeOptions options, Database database, TimeProvider time, ILoggerFactory loggers) =>
        throw new StorageException(
            $"--events: {address} can't be read, because this build has no Kafka client. Build with one: dotnet build "
            + $"-p:KafkaClient=Package, where "
            + "the package feed holds Confluent.Kafka.");
}
