using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Node;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Personalization.Silo.Tests;

/// <summary>Three silos lose one another under load; afterwards every profile is what one node makes of the same log, byte for byte.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int People = 20_000;
    private const int Events = 300_000;
    private const int Partitions = 4;

    [RedisFact]
    public async Task One_silo_is_killed_and_another_restarted_twice_and_every_event_counts_once()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 3, Partitions);
        using var reader = new LogReader(cluster.Kafka, Partitions);
        using var crowd = new Crowd(cluster, People, Events);
        using var asker = new Asker(cluster, People);
        using var done = new CancellationTokenSource();
        var sending = crowd.SendAsync();
        var asking = asker.AskAsync(done.Token);

        await UntilSentAsync(0.2);
        await cluster.KillAsync(cluster.Silos[0]);
        await UntilSentAsync(0.4);
        await cluster.AddAsync();
        await UntilSentAsync(0.55);
        await RestartAsync();
        await UntilSentAsync(0.75);
        await RestartAsync();
        await sending;
        await done.CancelAsync();
        await asking;
        output.WriteLine($"{crowd.Sent} events acknowledged, {crowd.Repeated} batches sent again; {asker.Asked} decisions asked, {asker.Failed} not answered, "
            + $"longest silence {asker.LongestSilence.TotalSeconds:0.0} s");

        var log = await reader.FinishAsync();
        Assert.True(log.Count >= Events, $"Only {log.Count} events are in the log.");
        var expected = await FoldByNodeAsync(log);
        var different = new List<string>();
        await SettleAsync(cluster, log);
        await cluster.Any().UntilAsync("/v1/stats", found => Statistics.Of(found) == (log.Count, expected.Count));

        foreach (var silo in cluster.Silos.ToArray())
        {
            await cluster.StopAsync(silo);
        }

        using var redis = await ConnectionMultiplexer.ConnectAsync(cluster.Redis.Address);
        foreach (var (person, state) in expected)
        {
            var stored = await StoredAsync(redis, person);
            if (!state.AsSpan().SequenceEqual(stored))
            {
                different.Add(person);
            }
        }

        output.WriteLine($"{expected.Count} profiles compared, {log.Count - Events} events in the log twice, {different.Count} profiles differ");
        Assert.Empty(different);

        async Task UntilSentAsync(double share)
        {
            while (crowd.Sent < share * Events && !sending.IsCompleted)
            {
                await Task.Delay(50);
            }
        }

        async Task RestartAsync()
        {
            await cluster.StopAsync(cluster.Silos[0]);
            await cluster.AddAsync();
        }
    }

    /// <summary>Waits until the last event of every person of the log's end is stored or at least folded.</summary>
    private async Task SettleAsync(ClusterUnderTest cluster, IReadOnlyList<Event> log)
    {
        foreach (var last in log.GroupBy(source => source.PersonId).Select(events => (Person: events.Key, Count: events.DistinctBy(source => source.MessageId).Count())))
        {
            try
            {
                await cluster.Any().UntilAsync($"/v1/users/{last.Person}", found => found is { } profile
                    && profile.GetProperty("events").EnumerateObject().Sum(type => type.Value.GetProperty("total").GetInt32()) == last.Count);
            }
            catch (OperationCanceledException)
            {
                output.WriteLine($"{last.Person} has {last.Count} events in the log, and the cluster says {await cluster.Any().Http.GetStringAsync($"/v1/users/{last.Person}")}");
                foreach (var silo in cluster.Silos)
                {
                    output.WriteLine(silo.LastWords);
                }

                throw;
            }
        }
    }

    private static async Task<Dictionary<string, byte[]>> FoldByNodeAsync(IReadOnlyList<Event> log)
    {
        using var folder = new TemporaryFolder();
        using var node = NodePersonalizer.Open(new NodeOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance);
        foreach (var some in log.Chunk(5000))
        {
            await node.IngestAsync(some, default);
        }

        return log.Select(source => source.PersonId).Distinct().ToDictionary(person => person, person => node.StateOf(person)!);
    }

    private static async Task<byte[]> StoredAsync(ConnectionMultiplexer redis, string person)
    {
        var stored = (byte[]?)await redis.GetDatabase().HashGetAsync($"personalization/state/userprofile/{person}/profile", "data");
        if (stored is null)
        {
            return [];
        }

        var words = new Vocabulary();
        var state = new ArrayBufferWriter<byte>();
        UserProfile.Read(person, stored, words).WriteState(state, words);
        return state.WrittenSpan.ToArray();
    }
}
