using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Bench.Workload;
using Personalization.Core.Events;
using Personalization.Kafka.Producing;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Bench.Cluster;

/// <summary>Events through a silo, from HTTP to stored profiles, against writing and reading the same events with Kafka's client alone.</summary>
/// <remarks>
/// The broker is librdkafka's mock in this process: no disk, no replicas, 5 MiB kept of a partition. So what Kafka alone takes is a
/// broker's best case, and a round is small enough that nothing is dropped unread.
/// </remarks>
internal sealed class SiloIngest : IMeasurement
{
    private const int Everybody = 10_000;
    private const string Acknowledged = "POST /v1/events at a silo, batches of 100 (16 connections), until acknowledged, against Kafka's client alone, written and read: events/s";
    private const string Stored = "the same until every profile is stored and the lanes' offsets with them (silos store once a second)";

    public string Name => "cluster-ingest";

    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        if (ClusterUnderLoad.Missing is { } why)
        {
            return [Row.Skipped(Acknowledged, why), Row.Skipped(Stored, why)];
        }

        var events = effort.IsQuick ? 10_000 : 40_000;
        await using var cluster = await ClusterUnderLoad.StartAsync();
        using var kafka = new MockKafka();
        kafka.Create(ClusterUnderLoad.Partitions);
        var run = 1;
        await IngestAsync();
        await AloneAsync();
        var rounds = new List<((double Acknowledged, double Stored) Silo, double Kafka)>();
        for (var round = 0; round < effort.Rounds; round++)
        {
            rounds.Add((await IngestAsync(), await AloneAsync()));
        }

        var alone = Row.Text(Ratios.Of(rounds.Select(round => round.Kafka)));
        return
        [
            Row.Info(Acknowledged, $"{Row.Text(Ratios.Of(rounds.Select(round => round.Silo.Acknowledged)))} against {alone} events/s: "
                + new Ratios(rounds.Select(round => round.Silo.Acknowledged / round.Kafka))),
            Row.Info(Stored, $"{Row.Text(Ratios.Of(rounds.Select(round => round.Silo.Stored)))} against {alone} events/s: "
                + new Ratios(rounds.Select(round => round.Silo.Stored / round.Kafka))),
        ];

        async Task<(double Acknowledged, double Stored)> IngestAsync()
        {
            var before = await cluster.StoredEventsAsync();
            var began = Stopwatch.GetTimestamp();
            await Feed.SendAsync([cluster.Silos[0].Client], Everybody, run++, events);
            var acknowledged = Stopwatch.GetElapsedTime(began);
            await cluster.UntilStoredAsync(before + events);
            return (events / acknowledged.TotalSeconds, events / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        Task<double> AloneAsync() => WriteAndReadAsync(kafka, run++, events);
    }

    /// <summary>Writes events by the producer that silos use, batch by batch as they are sent, while a consumer reads them.</summary>
    private static async Task<double> WriteAndReadAsync(MockKafka kafka, int run, int events)
    {
        var batches = Enumerable.Range(0, events / Bodies.BatchEvents).Select(line => Encoding.UTF8.GetBytes(Bodies.Numbered(Everybody, run, line))).ToArray();
        using var producer = new KafkaEventProducer(kafka.Options(), NullLogger<KafkaEventProducer>.Instance);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Brokers, GroupId = "alone" }).Build();
        consumer.Assign(Enumerable.Range(0, ClusterUnderLoad.Partitions).Select(partition =>
            new TopicPartitionOffset(kafka.Topic, partition, consumer.QueryWatermarkOffsets(new TopicPartition(kafka.Topic, partition), TimeSpan.FromSeconds(20)).High)));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var began = Stopwatch.GetTimestamp();
        var reading = Task.Factory.StartNew(
            () =>
            {
                for (var read = 0; read < events; read++)
                {
                    consumer.Consume(limit.Token);
                }
            },
            limit.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Feed.Connections).Select(connection => Task.Run(async () =>
        {
            for (var line = Interlocked.Increment(ref next); line < batches.Length; line = Interlocked.Increment(ref next))
            {
                var batch = EventBatchReader.Read(batches[line], DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), out _)!;
                await Task.WhenAll(batch.Events.Select(source => producer.ProduceAsync(source, limit.Token)));
            }
        })));
        await reading;
        return events / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
