using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.TestingHost;
using Personalization.Core.Events;
using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Reading;
using Personalization.Streaming.Kafka.Hosting;
using Personalization.Streaming.Kafka.Provider;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Streaming.Kafka.Tests.Provider;

public sealed class StreamProviderTests : IDisposable
{
    private readonly MockKafka _kafka = new();
    private readonly Board _board = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task Every_event_reaches_its_lane_in_order_whichever_silo_it_is_on()
    {
        _kafka.Create(4);
        await using (var cluster = await KafkaCluster.StartAsync(_kafka, _board, silos: 2))
        {
            for (var partition = 0; partition < 4; partition++)
            {
                await _kafka.WriteAsync(partition, 300, 10);
            }

            await _board.StoredAsync(1_200);
        }

        _board.AssertComplete(1_200);
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Equal(300, _kafka.Committed(partition)));
    }

    [Fact]
    public async Task A_delivery_that_fails_comes_again_until_it_succeeds_and_nothing_overtakes_it()
    {
        _kafka.Create(1);
        var failures = 0;
        _board.Meet = (_, offsets) =>
        {
            if (offsets.Contains(5) && ++failures <= 5)
            {
                throw new InvalidOperationException("The store is down.");
            }
        };
        await using (var cluster = await KafkaCluster.StartAsync(_kafka, _board))
        {
            await _kafka.WriteAsync(0, 40, 1);
            await _board.StoredAsync(40);
        }

        Assert.Equal(6, failures);
        _board.AssertComplete(40);
        Assert.Equal(40, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_delivery_that_fails_beyond_MaxEventDeliveryTime_becomes_dead_letters_and_its_lane_goes_on()
    {
        _kafka.Create(1);
        _board.Meet = (_, offsets) =>
        {
            if (offsets.Contains(2))
            {
                throw new InvalidOperationException("This event can't be folded.");
            }
        };
        await using (var cluster = await KafkaCluster.StartAsync(
            _kafka,
            _board,
            configure: options => options.MaxBatchRecords = 1,
            streams: streams => streams.ConfigurePullingAgent(
                agent => agent.Configure(set => set.MaxEventDeliveryTime = TimeSpan.FromMilliseconds(200)))))
        {
            await _kafka.WriteAsync(0, 6, 1);
            await _board.StoredAsync(5);
        }

        var letter = Assert.Single(_kafka.Read("events.dead-letters", 1));
        Assert.Equal("2", Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(KafkaDeadLetters.OffsetHeader)));
        Assert.Equal("not-delivered", Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(KafkaDeadLetters.ReasonHeader)));
        Assert.Equal([0, 1, 3, 4, 5], Assert.Single(_board.People()).Value);
        Assert.Equal(6, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_grain_that_waits_stops_the_reads_memory_stays_flat_and_going_on_drains_it()
    {
        _kafka.Create(1);
        _board.Close();
        using var metrics = new Gauges();
        await using (var cluster = await KafkaCluster.StartAsync(_kafka, _board, configure: options => options.MaxBufferedRecords = 100))
        {
            await _kafka.WriteAsync(0, 2_000, 10);
            await cluster.Log.Line("is paused");
            metrics.Observe();
            Assert.Equal(1, metrics.Last["personalization.kafka.paused"]);
            Assert.InRange(metrics.Last["personalization.kafka.undurable"], 1, 100);
            Assert.InRange(metrics.Last["personalization.kafka.buffered"], 1, 100 * 512);

            _board.Open();
            await _board.StoredAsync(2_000);
        }

        _board.AssertComplete(2_000);
        Assert.Equal(2_000, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_grain_without_an_observer_is_noticed_and_costs_no_event()
    {
        _kafka.Create(1);
        _board.Attach = false;
        await using (var cluster = await KafkaCluster.StartAsync(
            _kafka, _board, configure: options => options.StallWarning = TimeSpan.FromMilliseconds(50)))
        {
            await _kafka.WriteAsync(0, 3, 1);
            Assert.Equal(LogLevel.Error, (await cluster.Log.Line("Does the grain attach an observer in OnSubscribed")).Level);
        }

        Assert.Equal(0, _kafka.Committed(0));
        _board.Attach = true;
        await using var mended = await KafkaCluster.StartAsync(_kafka, _board);
        await _board.StoredAsync(3);
        _board.AssertComplete(3);
    }

    [Fact]
    public async Task A_grain_that_lost_its_memory_is_delivered_again_what_it_had_not_stored()
    {
        _kafka.Create(1);
        (_board.StoreInTime, _board.StoreEvery) = (false, int.MaxValue);
        await using (var cluster = await KafkaCluster.StartAsync(_kafka, _board))
        {
            await _kafka.WriteAsync(0, 10, 1);
            await _board.Deliveries.UntilAsync(all => all.SelectMany(delivery => delivery.Offsets).Distinct().Count() == 10);
            await ForgetAsync(cluster);

            _board.StoreInTime = true;
            await _kafka.WriteAsync(0, 1, 1, first: 10);
            await _board.StoredAsync(11);
        }

        _board.AssertComplete(11);
        Assert.Equal(11, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_grain_that_lost_its_memory_is_reminded_even_where_its_lane_has_no_further_event()
    {
        _kafka.Create(1);
        (_board.StoreInTime, _board.StoreEvery) = (false, int.MaxValue);
        await using (var cluster = await KafkaCluster.StartAsync(
            _kafka, _board, configure: options => (options.RedeliverAfter, options.MaxBatchRecords) = (TimeSpan.FromMilliseconds(300), 3)))
        {
            await _kafka.WriteAsync(0, 10, 1);
            await _board.Deliveries.UntilAsync(all => all.SelectMany(delivery => delivery.Offsets).Distinct().Count() == 10);
            await ForgetAsync(cluster);

            _board.StoreInTime = true;
            await _board.StoredAsync(10);
        }

        _board.AssertComplete(10);
        Assert.Equal(10, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_silo_starts_while_the_brokers_are_down_and_reads_when_they_are_up()
    {
        _kafka.Create(2);
        await _kafka.WriteAsync(1, 20, 2);
        _kafka.Down();
        await using var cluster = await KafkaCluster.StartAsync(_kafka, _board);
        await cluster.Log.Line("can't be reached");
        _kafka.Up();

        await _board.StoredAsync(20);
        _board.AssertComplete(20);
    }

    [Fact]
    public async Task A_topic_that_is_missing_is_named_and_waited_for()
    {
        await using var cluster = await KafkaCluster.StartAsync(_kafka, _board);
        await cluster.Log.Line("Topic 'events' is not there");
        _kafka.Create(2);
        await _kafka.WriteAsync(0, 20, 2);

        await _board.StoredAsync(20);
        _board.AssertComplete(20);
    }

    [Fact]
    public async Task Partitions_that_are_added_are_named_and_read_from_their_first_record()
    {
        _kafka.Create(1);
        await using var cluster = await KafkaCluster.StartAsync(
            _kafka, _board, configure: options => options.Start = KafkaStartPosition.Latest);
        await cluster.Log.Line("Reading events/0 from offset 0");

        // The mock can't add partitions to a topic; one deleted and created with more looks the same to who asks for their number.
        _kafka.Delete();
        _kafka.Create(3);
        await _kafka.WriteAsync(2, 20, 2);

        await cluster.Log.Line("grew from 1 to 3 partitions");
        await _board.StoredAsync(20);
        _board.AssertComplete(20);
    }

    [Fact]
    public async Task A_silo_that_stops_under_load_hands_its_partitions_over_without_loss_or_disorder()
    {
        _kafka.Create(4);
        _board.StoreEvery = 3;
        await using (var cluster = await KafkaCluster.StartAsync(_kafka, _board, silos: 2))
        {
            await WriteToAllAsync(0, 200);
            await _board.StoredAsync(100);
            var stopping = cluster.Silos.StopSiloAsync(cluster.Silos.Silos[1]);
            await WriteToAllAsync(200, 200);
            await stopping;
            await WriteToAllAsync(400, 100);
            await _board.StoredAsync(2_000);
        }

        _board.AssertComplete(2_000);
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Equal(500, _kafka.Committed(partition)));
    }

    [Fact]
    public async Task A_silo_that_is_killed_under_load_loses_no_event_though_grains_store_late()
    {
        _kafka.Create(4);
        _board.StoreEvery = 5;
        await using (var cluster = await KafkaCluster.StartAsync(_kafka, _board, silos: 2))
        {
            await WriteToAllAsync(0, 200);
            await _board.StoredAsync(100);
            await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[1]);
            await WriteToAllAsync(200, 200);
            await _board.StoredAsync(1_600);
        }

        _board.AssertComplete(1_600);
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Equal(400, _kafka.Committed(partition)));
    }

    [Fact]
    public async Task A_silo_that_joins_takes_its_share_of_the_partitions()
    {
        _kafka.Create(4);
        await using (var cluster = await KafkaCluster.StartAsync(_kafka, _board))
        {
            await WriteToAllAsync(0, 100);
            await _board.StoredAsync(100);
            await cluster.Silos.StartAdditionalSiloAsync();
            await cluster.Log.Line("Stopped reading events/");
            await WriteToAllAsync(100, 100);
            await _board.StoredAsync(800);
        }

        _board.AssertComplete(800);
    }

    [Fact]
    public async Task A_provider_can_be_configured_by_settings()
    {
        _kafka.Create(1);
        var options = _kafka.Options();
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Orleans:Streaming:kafka:ProviderType"] = "Kafka",
                ["Orleans:Streaming:kafka:Brokers"] = _kafka.Brokers,
                ["Orleans:Streaming:kafka:Topic"] = "events",
                ["Orleans:Streaming:kafka:Group"] = "tests",
                ["Orleans:Streaming:kafka:LanesPerPartition"] = "4",
                ["Orleans:Streaming:kafka:CommitWhen"] = "Durable",
                ["Orleans:Streaming:kafka:CommitInterval"] = "00:00:00.050",
                ["Orleans:Streaming:kafka:Client:socket.timeout.ms"] = "3000",
            });
            host.Services.AddSingleton(_board).AddSingleton(options).AddSingleton<IDurableOffsets>(_board.Offsets);
        });
        await using (var cluster = builder.Build())
        {
            await cluster.DeployAsync();
            await _kafka.WriteAsync(0, 20, 2);
            await _board.StoredAsync(20);
            await cluster.StopAllSilosAsync();
        }

        _board.AssertComplete(20);
        Assert.Equal(20, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_silo_with_options_that_can_not_work_does_not_start_and_names_the_option()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => KafkaCluster.StartAsync(
            _kafka, _board, configure: options => options.LanesPerPartition = 65));
        Assert.Contains("'LanesPerPartition' must be 1 to 64.", refused.ToString(), StringComparison.Ordinal);

        refused = await Assert.ThrowsAnyAsync<Exception>(() => KafkaCluster.StartAsync(
            _kafka, _board, streams: streams =>
                streams.ConfigurePullingAgent(agent => agent.Configure(set => set.BatchContainerBatchSize = 2))));
        Assert.Contains("'BatchContainerBatchSize' must be 1", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writing_to_a_stream_is_refused()
    {
        _kafka.Create(1);
        await using var cluster = await KafkaCluster.StartAsync(_kafka, _board);
        var provider = cluster.Silos.GetSiloServiceProvider().GetRequiredKeyedService<IStreamProvider>("kafka");

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => provider.GetStream<Event>(LaneStreamId.Of("events", 0, 0)).OnNextAsync(Some.Event(0, 0, 1)));
    }

    private static async Task ForgetAsync(KafkaCluster cluster)
    {
        for (var lane = 0; lane < 4; lane++)
        {
            await cluster.Silos.DeactivateAsync(cluster.Silos.Client.GetGrain<ILaneGrain>($"0-{lane}"));
        }
    }

    private async Task WriteToAllAsync(int first, int events)
    {
        for (var partition = 0; partition < 4; partition++)
        {
            await _kafka.WriteAsync(partition, events, 10, first);
        }
    }

    private sealed class Gauges : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Gauges()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == KafkaMetrics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Last[instrument.Name] = value);
            _listener.Start();
        }

        public ConcurrentDictionary<string, long> Last { get; } = new();

        public void Observe() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();
    }
}
