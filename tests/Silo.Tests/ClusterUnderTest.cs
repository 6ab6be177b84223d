using System.Net;
using System.Net.Sockets;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Silo.Tests;

/// <summary>A real Redis, a broker that speaks Kafka's protocol, and silos as processes of their own.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    private const string Budget = "--decision-budget-ms";

    private readonly List<ServerProcess> _silos = [];

    private ClusterUnderTest(RedisServer redis, MockKafka kafka) => (Redis, Kafka) = (redis, kafka);

    public RedisServer Redis { get; }

    public MockKafka Kafka { get; }

    public IReadOnlyList<ServerProcess> Silos => _silos;

    /// <summary>Gives some silo that runs, as a balancer would.</summary>
    public ServerProcess Any()
    {
        lock (_silos)
        {
            return _silos[Random.Shared.Next(_silos.Count)];
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="partitions">How many partitions the topic has; 0 for no topic.</param>
    public static async Task<ClusterUnderTest> StartAsync(int silos, int partitions = 4)
    {
        var kafka = new MockKafka();
        if (partitions > 0)
        {
            kafka.Create(partitions);
        }

        var cluster = new ClusterUnderTest(await RedisServer.StartAsync(), kafka);
        for (var i = 0; i < silos; i++)
        {
            await cluster.AddAsync();
        }

        return cluster;
    }

    /// <summary>Starts one more silo, and returns once it says that it is ready.</summary>
    public async Task<ServerProcess> AddAsync(params string[] options)
    {
        // Most tests ask what decisions see, on machines that do ten other things: there a decision is not in a hurry.
        options = options.Contains(Budget) ? options : [Budget, "10000", .. options];
        var silo = await ServerProcess.StartAsync(
            "Personalization.Silo",
            [
                "--redis", Redis.Address, "--kafka", Kafka.Brokers, "--topic", Kafka.Topic,
                "--silo-port", FreePort(), "--gateway-port", FreePort(), .. options,
            ]);
        lock (_silos)
        {
            _silos.Add(silo);
        }

        return silo;
    }

    public async Task KillAsync(ServerProcess silo)
    {
        // The balancer notices only afterwards.
        await silo.KillAsync();
        Remove(silo);
    }

    public async Task StopAsync(ServerProcess silo)
    {
        Remove(silo);
        await silo.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Silos before their store: one that can't store what it holds takes long to stop.
        await Task.WhenAll(_silos.Select(silo => silo.DisposeAsync().AsTask()));
        Kafka.Dispose();
        Redis.Dispose();
    }

    private void Remove(ServerProcess silo)
    {
        lock (_silos)
        {
            _silos.Remove(silo);
        }
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
