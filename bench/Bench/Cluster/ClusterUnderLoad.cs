using Personalization.Bench.Workload;
using Personalization.Streaming.Kafka.Tests.Support;
using Personalization.Testing;
using StackExchange.Redis;

namespace Personalization.Bench.Cluster;

/// <summary>Silos as processes over a real Redis, which writes every change to disk, and the tests' Kafka-protocol broker in this process.</summary>
internal sealed class ClusterUnderLoad : IAsyncDisposable
{
    public const int Partitions = 4;

    public static readonly string? Missing = RedisServer.Missing;

    private readonly List<SiloProcess> _silos = [];
    private readonly RedisServer _redis;
    private readonly MockKafka _kafka = new();
    private readonly ConnectionMultiplexer _store;

    private ClusterUnderLoad(RedisServer redis, ConnectionMultiplexer store) => (_redis, _store) = (redis, store);

    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>Starts one silo with the shop.</summary>
    public static async Task<ClusterUnderLoad> StartAsync()
    {
        var redis = await RedisServer.StartAsync();
        var cluster = new ClusterUnderLoad(redis, await ConnectionMultiplexer.ConnectAsync(redis.Address));
        cluster._kafka.Create(Partitions);
        await cluster.AddAsync();
        using var body = new StringContent(Shop.Json(), System.Text.Encoding.UTF8, "application/json");
        using var response = await cluster.Silos[0].Client.PostAsync("/v1/configuration", body);
        return response.IsSuccessStatusCode
            ? cluster
            : throw new InvalidOperationException($"The shop does not compile: {await response.Content.ReadAsStringAsync()}");
    }

    public async Task AddAsync() => _silos.Add(await SiloProcess.StartAsync(_redis.Address, _kafka.Brokers, _kafka.Topic));

    /// <summary>Stops all silos and starts so many, which have nobody in memory.</summary>
    public async Task RenewAsync(int silos)
    {
        await StopAsync();
        for (var i = 0; i < silos; i++)
        {
            await AddAsync();
        }
    }

    /// <summary>Counts the events whose effects are stored.</summary>
    public async Task<long> StoredEventsAsync() => (await _store.GetDatabase().HashValuesAsync("personalization/events")).Sum(lane => (long)lane);

    public async Task UntilStoredAsync(long events)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (await StoredEventsAsync() < events)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Silos before their store: one that can't store what it holds takes long to stop.
        await StopAsync();
        await _store.DisposeAsync();
        _kafka.Dispose();
        _redis.Dispose();
    }

    private async Task StopAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        _silos.Clear();
    }
}
