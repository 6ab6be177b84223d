namespace Personalization.Deploy.Tests;

/// <summary>
/// The metrics that exist, as Prometheus knows them. Instruments of .NET are named as OpenTelemetry's Prometheus exporters name them:
/// what is no letter or digit becomes an underscore, the unit follows (a unit in braces is left out), then <c>_total</c> for counters, or a histogram's three parts.
/// </summary>
internal static class MetricNames
{
    // Our own meters, "Personalization" and "Personalization.Streaming.Kafka".
    private static readonly (string Name, Kind Kind, string Unit)[] Ours =
    [
        ("personalization.decision.duration", Kind.Histogram, "s"),
        ("personalization.events.ingested", Kind.Counter, ""),
        ("personalization.kafka.buffered", Kind.Gauge, "By"),
        ("personalization.kafka.committed", Kind.Gauge, ""),
        ("personalization.kafka.dead_letters", Kind.Counter, ""),
        ("personalization.kafka.lag", Kind.Gauge, ""),
        ("personalization.kafka.records.misplaced", Kind.Counter, ""),
        ("personalization.kafka.records.missing", Kind.Counter, ""),
        ("personalization.kafka.records.read", Kind.Counter, ""),
        ("personalization.kafka.records.refused", Kind.Counter, ""),
        ("personalization.kafka.undurable", Kind.Gauge, ""),
        ("personalization.profiles.hot", Kind.Gauge, ""),
    ];

    // Meter "Microsoft.Orleans", 10.2: names and kinds from src/Orleans.Core/Diagnostics/Metrics of dotnet/orleans.
    private static readonly (string Name, Kind Kind, string Unit)[] Orleans =
    [
        ("orleans-app-requests-latency-bucket", Kind.Counter, ""),
        ("orleans-app-requests-latency-count", Kind.Counter, ""),
        ("orleans-app-requests-latency-sum", Kind.Counter, ""),
        ("orleans-app-requests-timedout", Kind.Counter, ""),
        ("orleans-app-requests-canceled", Kind.Counter, ""),
        ("orleans-catalog-activations", Kind.Gauge, ""),
        ("orleans-catalog-activation-working-set", Kind.Gauge, ""),
        ("orleans-catalog-activation-created", Kind.Counter, ""),
        ("orleans-catalog-activation-destroyed", Kind.Counter, ""),
        ("orleans-catalog-activation-latency", Kind.Histogram, "ms"),
        ("orleans-catalog-deactivation-latency", Kind.Histogram, "ms"),
        ("orleans-catalog-activation-concurrent-registration-attempts", Kind.Counter, ""),
        ("orleans-messaging-rejected", Kind.Counter, ""),
        ("orleans-messaging-rerouted", Kind.Counter, ""),
        ("orleans-messaging-expired", Kind.Counter, ""),
        ("orleans-messaging-sent-dropped", Kind.Counter, ""),
        ("orleans-scheduler-long-running-turns", Kind.Counter, ""),
        ("orleans-storage-read-latency", Kind.Histogram, "ms"),
        ("orleans-storage-write-latency", Kind.Histogram, "ms"),
        ("orleans-storage-clear-latency", Kind.Histogram, "ms"),
        ("orleans-storage-read-errors", Kind.Counter, ""),
        ("orleans-storage-write-errors", Kind.Counter, ""),
        ("orleans-storage-clear-errors", Kind.Counter, ""),
        ("orleans-streams-persistent-stream-pulling-agents", Kind.Gauge, ""),
        ("orleans-streams-persistent-stream-messages-read", Kind.Counter, ""),
        ("orleans-streams-persistent-stream-messages-sent", Kind.Counter, ""),
        ("orleans-streams-persistent-stream-pubsub-cache-size", Kind.Gauge, ""),
        ("orleans-gateway-load-shedding", Kind.Counter, ""),
    ];

    // What the collector's receivers give with deploy/otel/collector.yaml, which adds no suffixes: names from the documentation.md of
    // receiver/redisreceiver and receiver/kafkametricsreceiver of opentelemetry-collector-contrib. redis.maxmemory is switched on there.
    private static readonly string[] Collected =
    [
        "redis.clients.blocked", "redis.clients.connected", "redis.commands.processed", "redis.connections.received",
        "redis.connections.rejected", "redis.db.keys", "redis.keys.evicted", "redis.keys.expired", "redis.memory.rss", "redis.memory.used",
        "redis.maxmemory", "redis.slaves.connected", "redis.uptime",
        "kafka.brokers", "kafka.consumer_group.lag", "kafka.consumer_group.offset", "kafka.partition.current_offset",
        "kafka.partition.oldest_offset", "kafka.partition.replicas", "kafka.partition.replicas_in_sync", "kafka.topic.partitions",
    ];

    private enum Kind
    {
        Counter,
        Gauge,
        Histogram,
    }

    /// <summary>Gets every name a query may use.</summary>
    public static IReadOnlySet<string> All { get; } =
        Ours.Concat(Orleans).SelectMany(Series).Concat(Collected.Select(Plain)).Append("up").ToHashSet();

    private static IEnumerable<string> Series((string Name, Kind Kind, string Unit) instrument)
    {
        var name = Plain(instrument.Name) + instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "",
        };
        return instrument.Kind switch
        {
            Kind.Counter => [name + "_total"],
            Kind.Histogram => [name + "_bucket", name + "_count", name + "_sum"],
            _ => [name],
        };
    }

    private static string Plain(string name) => name.Replace('.', '_').Replace('-', '_');
}
