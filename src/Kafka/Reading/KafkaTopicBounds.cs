using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Personalization.Kafka.Reading;

/// <summary>Asks what a topic holds.</summary>
public static class KafkaTopicBounds
{
    /// <summary>Gets the oldest offset of each partition, and one more than the newest; nothing where there is no such topic.</summary>
    /// <exception cref="KafkaException">The brokers did not answer.</exception>
    public static Task<IReadOnlyList<(long Low, long High)>> ReadAsync(
        KafkaStreamOptions options, ILogger logger, CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<(long, long)>>(() => Read(options, logger), cancellation);

    private static (long Low, long High)[] Read(KafkaStreamOptions options, ILogger logger)
    {
        using var client = KafkaClients.Consumer(options, $"bounds of {options.Topic}", logger);
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        var found = admin.GetMetadata(options.RequestTimeout).Topics.FirstOrDefault(topic => topic.Topic == options.Topic);
        return [.. Enumerable.Range(0, found?.Partitions.Count ?? 0).Select(partition =>
        {
            var bounds = client.QueryWatermarkOffsets(new TopicPartition(options.Topic, partition), options.RequestTimeout);
            return (bounds.Low.Value, bounds.High.Value);
        })];
    }
}
