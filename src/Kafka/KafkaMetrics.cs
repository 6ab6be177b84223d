using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Personalization.Kafka;

/// <summary>
/// What the readers of this process count. Meter <c>Personalization.Streaming.Kafka</c>; tags are topic, partition and reason.
/// </summary>
public static class KafkaMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Personalization.Streaming.Kafka";

    private static readonly Meter Meter = new(MeterName);
    private static readonly ConcurrentDictionary<object, Func<PartitionGauges>> Readers = new();

    private static readonly Counter<long> Read = Meter.CreateCounter<long>(
        "personalization.kafka.records.read", "{record}", "Records read from the topic.");

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "personalization.kafka.records.refused", "{record}", "Records that could not be read, by reason.");

    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "personalization.kafka.dead_letters", "{record}", "Records written to the dead-letter topic, by reason.");

    private static readonly Counter<long> Missing = Meter.CreateCounter<long>(
        "personalization.kafka.records.missing", "{offset}", "Offsets that were gone from the topic before they were read.");

    private static readonly Counter<long> Misplaced = Meter.CreateCounter<long>(
        "personalization.kafka.records.misplaced", "{record}",
            "Records found in a partition that their key does not belong to, and written again.");

    static KafkaMetrics()
    {
        Gauge("personalization.kafka.lag", gauges => gauges.Lag, "{record}", "Records in the partition that are not committed.");
        Gauge("personalization.kafka.committed", gauges => gauges.Committed, "{offset}", "The committed position.");
        Gauge("personalization.kafka.paused", gauges => gauges.Paused, "1", "1 while reading is paused because a cap is reached.");
        Gauge("personalization.kafka.buffered", gauges => gauges.Buffered, "By", "Bytes read and not yet delivered.");
        Gauge("personalization.kafka.undurable", gauges =>
            gauges.Open, "{record}", "Records read and not yet durable: what a crash would replay.");
    }

    private static void Gauge(string name, Func<PartitionGauges, long> value, string unit, string description) =>
        Meter.CreateObservableGauge(name, () => Observe(value), unit, description);

    internal static void CountRead(in PartitionTag tag) => Read.Add(1, tag.Topic, tag.Partition);

    internal static void CountRefused(in PartitionTag tag, string reason) =>
        Refused.Add(1, tag.Topic, tag.Partition, new KeyValuePair<string, object?>("reason", reason));

    internal static void CountDeadLetter(in PartitionTag tag, string reason) =>
        DeadLetters.Add(1, tag.Topic, tag.Partition, new KeyValuePair<string, object?>("reason", reason));

    internal static void CountMisplaced(in PartitionTag tag) => Misplaced.Add(1, tag.Topic, tag.Partition);

    internal static void CountMissing(in PartitionTag tag, long offsets) => Missing.Add(offsets, tag.Topic, tag.Partition);

    internal static void Watch(object reader, Func<PartitionGauges> gauges) => Readers[reader] = gauges;

    internal static void Forget(object reader) => Readers.TryRemove(reader, out _);

    private static IEnumerable<Measurement<long>> Observe(Func<PartitionGauges, long> value) =>
        Readers.Values.Select(read => read())
            .Select(gauges => new Measurement<long>(value(gauges), gauges.Tag.Topic, gauges.Tag.Partition));

    internal readonly record struct PartitionTag(KeyValuePair<string, object?> Topic, KeyValuePair<string, object?> Partition)
    {
        public static PartitionTag Of(string topic, int partition) => new(new("topic", topic), new("partition", partition));
    }

    internal readonly record struct PartitionGauges(PartitionTag Tag, long Lag, long Committed, long Paused, long Buffered, long Open);
}
