using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Grains.Retention;

namespace Personalization.Silo.Tests;

/// <summary>People of whom nothing was heard for long are forgotten, the stored and the hot ones, and nobody else is.</summary>
public sealed class RetentionTests
{
    private static readonly string[] Forget = ["--retain-profiles-days", "30", "--retention-interval-minutes", "0"];

    [RedisFact]
    public async Task Who_was_not_seen_for_longer_than_the_setting_says_is_gone_from_memory_and_store_and_counts()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        await store.WriteProfileAsync("stored", ProfileSeen("stored", TimeSpan.FromDays(31)));
        await store.WriteProfileAsync("young", ProfileSeen("young", TimeSpan.FromDays(29)));

        // The first walk is over when the next people come: a reminder begins the one that finds them.
        var silo = await cluster.AddAsync(Forget);
        await store.UntilGoneAsync("stored");
        await store.UntilAsync("hot", await SendSeenAsync(silo, "hot", TimeSpan.FromDays(31)));
        await store.UntilAsync("new", await Clicks.SendAsync(silo, "new", "1"));
        await silo.UntilAsync("/v1/stats", found => Statistics.Of(found).People is 1 or 2);

        await store.UntilGoneAsync("hot");
        await silo.UntilAsync("/v1/users/hot", found => found is null);
        await silo.UntilAsync("/v1/stats", found => Statistics.Of(found).People == 1);
        Assert.NotNull(await store.ProfileAsync("young"));
        Assert.Equal(1, Clicks.In(await silo.GetAsync("/v1/users/new")));

        // Who was forgotten may come again, as a stranger.
        await store.UntilAsync("hot", await Clicks.SendAsync(silo, "hot", "again"));
        Assert.Equal(1, Clicks.In(await silo.GetAsync("/v1/users/hot")));
    }

    [RedisFact]
    public async Task A_walk_goes_on_where_it_was_when_its_silo_was_killed()
    {
        const int Old = 5000;
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        await Task.WhenAll(Enumerable.Range(0, Old).Select(i => store.WriteProfileAsync($"old-{i}", ProfileSeen($"old-{i}", TimeSpan.FromDays(31)))));

        await cluster.AddAsync(Forget[..2]);
        await store.UntilWalkAsync(walk => walk.Looked > 500);
        await cluster.KillAsync(cluster.Silos[0]);
        var killed = await store.WalkAsync();
        Assert.True(killed.IsUnderWay, "The walk was over before it could be interrupted.");

        await cluster.AddAsync([.. Forget[..2], "--cluster-id", "after"]);
        await store.UntilWalkAsync(walk => walk.FinishedAt > 0);
        var walk = await store.WalkAsync();
        Assert.Equal(killed.StartedAt, walk.StartedAt);
        Assert.InRange(walk.Looked, Old - killed.Looked, Old + 1000);
        Assert.Equal(0, await store.ProfilesAsync());
    }

    [RedisFact]
    public async Task Nobody_is_forgotten_where_no_retention_is_set()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        await store.WriteProfileAsync("old", ProfileSeen("old", TimeSpan.FromDays(3000)));

        var silo = await cluster.AddAsync();
        await store.UntilAsync("new", await Clicks.SendAsync(silo, "new", "1"));
        Assert.False((await store.WalkAsync()).IsUnderWay);
        Assert.NotNull(await store.ProfileAsync("old"));
    }

    private static byte[] ProfileSeen(string person, TimeSpan ago)
    {
        var (words, bytes) = (new Vocabulary(), new ArrayBufferWriter<byte>());
        var at = DateTimeOffset.UtcNow.Subtract(ago).ToUnixTimeMilliseconds();
        var profile = new UserProfile(person);
        profile.Fold(new Event { MessageId = "1", Type = "click", Timestamp = at, ReceivedAt = at, AnonymousId = person }, 1, words);
        profile.Write(bytes, words);
        return bytes.WrittenSpan.ToArray();
    }

    private static async Task<long> SendSeenAsync(ServerProcess silo, string person, TimeSpan ago) => (await silo.PostAsync("/v1/events", new
    {
        events = new[] { new { messageId = "old", type = "click", anonymousId = person, timestamp = DateTimeOffset.UtcNow.Subtract(ago).ToString("O") } },
    })).GetProperty("profileVersion").GetInt64();
}
