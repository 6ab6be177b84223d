using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Personalization.Core.Privacy;

namespace Personalization.Silo.Kafka;

/// <summary>Finds out how long brokers keep what is in the topics: that can't be deleted person by person.</summary>
internal static class TopicRetention
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Says until when at the latest what is in the topics now can be read there; without a time where the brokers don't tell.</summary>
    public static async Task<IReadOnlyList<Remainder>> ReadAsync(SiloOptions options, TimeProvider time)
    {
        var settings = KafkaSettings.Of(options);
        string[] topics = [settings.Topic, settings.EffectiveDeadLetterTopic];
        var now = time.GetUtcNow();
        try
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig(settings.Client.ToDictionary()) { BootstrapServers = settings.Brokers })
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, _) => { })
                .Build();
            var described = await admin.DescribeConfigsAsync(
                topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }), new DescribeConfigsOptions { RequestTimeout = Patience });
            return [.. described.Select(topic => new Remainder($"topic {topic.ConfigResource.Name}", Until(topic, now)))];
        }
        catch (KafkaException)
        {
            return [.. topics.Select(topic => new Remainder($"topic {topic}", null))];
        }
    }

    // A segment is deleted whole, when its newest record is older than the retention; it may go on being filled for as long as segment.ms.
    private static DateTimeOffset? Until(DescribeConfigsResult topic, DateTimeOffset now) =>
        Milliseconds(topic, "retention.ms") is { } retention and >= 0 && Milliseconds(topic, "segment.ms") is { } segment and >= 0
            && retention + segment < TimeSpan.FromDays(36_500).TotalMilliseconds
            ? now.AddMilliseconds(retention + segment)
            : null;

    private static long? Milliseconds(DescribeConfigsResult topic, string name) =>
        topic.Entries.TryGetValue(name, out var entry) && long.TryParse(entry.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
