using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Internal;
using Orleans.Runtime.Providers;
using Orleans.Streams;
using Orleans.TestingHost;
using Personalization.Kafka;
using Personalization.Streaming.Kafka.Hosting;

namespace Personalization.Streaming.Kafka.Tests.Support;

/// <summary>Real silos in this process, with the stream provider and lane grains.</summary>
internal sealed class KafkaCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private KafkaCluster(InProcessTestCluster cluster, RecordedLog log) => (_cluster, Log) = (cluster, log);

    public RecordedLog Log { get; }

    public InProcessTestCluster Silos => _cluster;

    public static Task<KafkaCluster> StartAsync(MockKafka kafka, Board board, short silos = 1,
        Action<KafkaStreamOptions>? configure = null, Action<KafkaStreamConfigurator>? streams = null)
    {
        var options = kafka.Options(set =>
        {
            set.CommitWhen = KafkaCommit.Durable;
            set.CommitInterval = TimeSpan.FromMilliseconds(50);
            set.MetadataInterval = TimeSpan.FromMilliseconds(100);
            set.RequestTimeout = TimeSpan.FromSeconds(2);
            configure?.Invoke(set);
        });
        return StartAsync(board, options, silos, (_, silo) => silo.AddKafkaStreams("kafka", (KafkaStreamConfigurator add) =>
        {
            add.ConfigureKafka(set => set.Configure(copy => Copy(options, copy)));
            add.UseDurableOffsets(_ => board.Offsets);
            add.ConfigureKafka(set => set.Configure(copy => copy.CommitWhen = options.CommitWhen));
            add.ConfigureBackoffProvider((_, _) => new Quickly());
            streams?.Invoke(add);
        }));
    }

    public static async Task<KafkaCluster> StartAsync(
        Board board, KafkaStreamOptions options, short silos, Action<InProcessTestSiloSpecificOptions, ISiloBuilder> add)
    {
        var log = new RecordedLog();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((silo, host) =>
        {
            host.ConfigureLogging(logging => logging.AddProvider(log));
            host.Services.AddSingleton(board).AddSingleton(options);
            host.Services.Configure<ClusterMembershipOptions>(set =>
            {
                (set.ProbeTimeout, set.NumMissedProbesLimit, set.NumVotesForDeathDeclaration) = (TimeSpan.FromMilliseconds(500), 2, 1);
            });
            add(silo, host);
        });
        var cluster = builder.Build();
        try
        {
            await cluster.DeployAsync();
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return new KafkaCluster(cluster, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private static void Copy(KafkaStreamOptions from, KafkaStreamOptions to)
    {
        foreach (var property in typeof(KafkaStreamOptions).GetProperties().Where(property => property.CanWrite))
        {
            property.SetValue(to, property.GetValue(from));
        }

        foreach (var (name, value) in from.Client)
        {
            to.Client[name] = value;
        }
    }

    private sealed class Quickly : IMessageDeliveryBackoffProvider
    {
        public TimeSpan Next(int attempt) => TimeSpan.FromMilliseconds(20);
    }
}
