using System.Net.Http.Json;
using Personalization.Core.Events;

namespace Personalization.Silo.Tests;

/// <summary>What a cluster does while its store fails: the log holds what was acknowledged.</summary>
public sealed class RedisFaultTests
{
    private const int People = 8;

    [RedisFact]
    public async Task Redis_is_killed_and_restarted_while_events_flow_and_each_counts_once_and_decisions_go_on()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        using var flow = new ClickFlow(cluster, People);
        using var asker = new Asker(cluster, People);
        using var done = new CancellationTokenSource();
        var asking = asker.AskAsync(done.Token);

        await flow.GoOnAsync();
        cluster.Redis.Kill();
        try
        {
            await flow.GoOnAsync();
        }
        finally
        {
            await cluster.Redis.RestartAsync();
        }

        await flow.GoOnAsync();
        await flow.StopAsync();
        await done.CancelAsync();
        await asking;

        Assert.Equal(0, asker.Failed);
        await flow.AssertCountedOnceAsync(await RenewAsync(cluster));
    }

    [RedisFact]
    public async Task Redis_refuses_writes_and_events_and_decisions_go_on_until_all_can_be_stored()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        var silo = cluster.Silos[0];
        await store.UntilAsync("ann", await Clicks.SendAsync(silo, "ann", "1"));

        await store.RefuseWritesAsync(true);
        var second = await Clicks.SendAsync(silo, "ann", "2");
        var first = await Clicks.SendAsync(silo, "bob", "1");
        var decision = await silo.PostAsync("/v1/decide", new { anonymousId = "ann", minProfileVersion = second });
        Assert.True(decision.GetProperty("profileVersion").GetInt64() >= second);
        Assert.True(await store.VersionAsync("ann") < second);

        await store.RefuseWritesAsync(false);
        await store.UntilAsync("ann", second);
        await store.UntilAsync("bob", first);
        var after = await RenewAsync(cluster);
        Assert.Equal(2, Clicks.In(await after.UntilAsync("/v1/users/ann", found => found is not null)));
        Assert.Equal(1, Clicks.In(await after.UntilAsync("/v1/users/bob", found => found is not null)));
    }

    [RedisFact]
    public async Task Redis_hangs_for_longer_than_silos_wait_for_it_and_nothing_stops()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        var silo = cluster.Silos[0];
        await store.UntilAsync("ann", await Clicks.SendAsync(silo, "ann", "1"));

        await store.HangAsync(TimeSpan.FromSeconds(8));
        var second = await Clicks.SendAsync(silo, "ann", "2");
        var decision = await silo.PostAsync("/v1/decide", new { anonymousId = "ann", minProfileVersion = second });
        Assert.True(decision.GetProperty("profileVersion").GetInt64() >= second);

        await store.UntilAsync("ann", second);
        Assert.Equal(2, Clicks.In(await silo.GetAsync("/v1/users/ann")));
    }

    [RedisFact]
    public async Task A_profile_of_a_newer_version_is_left_as_it_is_and_only_its_person_is_a_stranger()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1, partitions: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        await store.UntilAsync("ann", await Clicks.SendAsync(cluster.Silos[0], "ann", "1"));
        await cluster.StopAsync(cluster.Silos[0]);
        var newer = (await store.ProfileAsync("ann"))!;
        newer[0] = 99;
        await store.WriteProfileAsync("ann", newer);

        var silo = await cluster.AddAsync();
        using (var refused = await silo.Http.PostAsJsonAsync("/v1/events", Clicks.Of("ann", "2")))
        {
            // What she allows is in the profile too, so nothing of her is taken in.
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        var decision = await silo.PostAsync("/v1/decide", new { anonymousId = "ann" });
        Assert.Equal(0, decision.GetProperty("profileVersion").GetInt64());
        using var profile = await silo.Http.GetAsync("/v1/users/ann");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, profile.StatusCode);
        Assert.Contains("version 99", await profile.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Many enough that some share a lane, and batches, with the person whose profile can't be read, and of whom the log held events.
        var versions = new Dictionary<string, long>();
        for (var i = 0; i < 40; i++)
        {
            await cluster.Kafka.WriteAsync(0, new Event
            {
                MessageId = $"between-{i}",
                Type = EventTypes.Click,
                Timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                ReceivedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                AnonymousId = "ann",
            });
            versions.Add($"person-{i}", await Clicks.SendAsync(silo, $"person-{i}", "1"));
        }

        foreach (var (person, version) in versions)
        {
            await store.UntilAsync(person, version);
        }

        var letters = cluster.Kafka.Read(cluster.Kafka.Topic + ".dead-letters", 40);
        Assert.All(letters, letter => Assert.Equal("ann", System.Text.Encoding.UTF8.GetString(letter.Message.Key!)));
        await cluster.StopAsync(silo);
        Assert.Equal(newer, await store.ProfileAsync("ann"));
    }

    /// <summary>Stops every silo and starts another, which has nothing but the store and the log.</summary>
    private static async Task<ServerProcess> RenewAsync(ClusterUnderTest cluster)
    {
        foreach (var silo in cluster.Silos.ToArray())
        {
            await cluster.StopAsync(silo);
        }

        return await cluster.AddAsync("--cluster-id", "after");
    }
}
