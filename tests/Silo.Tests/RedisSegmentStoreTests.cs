using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Segments;
using Personalization.Silo.Redis;
using StackExchange.Redis;

namespace Personalization.Silo.Tests;

/// <summary>The store of memberships on a real Redis.</summary>
public sealed class RedisSegmentStoreTests
{
    [RedisFact]
    public async Task What_is_stored_decides_what_is_a_change()
    {
        using var server = await RedisServer.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var store = Store(redis);
        var number = (await store.AdoptAsync(1, Segments("a"), 0))["a"];

        await store.WriteAsync("ann", [Change("a", number, true, 5_000)], 9_000);
        await store.WriteAsync("ann", [Change("a", number, true, 6_000), Change("a", number, false, 7_000), Change("a", number, false, 8_000)], 0);
        await store.WriteAsync("bob", [Change("a", number, true, 9_000)], 4_000);

        var (changes, missed) = await store.ReadChangesAsync("0-0", 100);
        Assert.False(missed);
        Assert.Equal(
            [(SegmentChangeKind.Enter, "ann", 5_000), (SegmentChangeKind.Leave, "ann", 7_000), (SegmentChangeKind.Enter, "bob", 9_000)],
            changes.Select(change => (change.Kind, change.Person!, change.At.ToUnixTimeMilliseconds())));
        Assert.Equal(changes[^1].Id, await store.LastChangeAsync());
        Assert.Empty((await store.ReadChangesAsync(changes[^1].Id, 100)).Changes);
        Assert.Equal([new Membership(number, 9)], (await store.ReadMembershipsAsync("bob")).Entries.ToArray());
        Assert.Equal(1, await store.CountInAllAsync([number]));
        Assert.Equal(["bob"], await store.ReadDueAsync(4_000, 10));
        Assert.Equal(2, await store.CountPeopleAsync());
        await Assert.ThrowsAsync<FormatException>(async () => await store.ReadChangesAsync("yesterday", 1));
    }

    [RedisFact]
    public async Task A_configuration_that_is_older_than_the_last_one_changes_nothing()
    {
        using var server = await RedisServer.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var store = Store(redis);
        var first = await store.AdoptAsync(1, Segments("a", "b"), 0);
        await store.WriteAsync("ann", [Change("b", first["b"], true, 1_000)], 0);
        Assert.Equal((1, "0"), await store.ReadBackfillAsync());
        await store.WriteBackfillAsync(1, "17");
        await store.WriteBackfillAsync(0, "");
        Assert.Equal((1, "17"), await store.ReadBackfillAsync());
        await store.WriteBackfillAsync(1, "");
        Assert.Null(await store.ReadBackfillAsync());
        Assert.Equal((first["a"], false), await store.FindAsync("a"));

        var second = await store.AdoptAsync(2, Segments("a"), 2_000);
        Assert.Equal(["a"], second.Keys);
        Assert.Equal(["a"], (await store.AdoptAsync(1, Segments("a", "b"), 3_000)).Keys);
        while (await store.ClearDeletedAsync(10))
        {
        }

        Assert.Empty((await store.ReadMembershipsAsync("ann")).Entries.ToArray());
        Assert.Null(await store.FindAsync("b"));
        var third = await store.AdoptAsync(3, Segments("a", "b"), 4_000);
        Assert.Equal(first["a"], third["a"]);
        Assert.NotEqual(first["b"], third["b"]);
        Assert.Equal(
            [SegmentChangeKind.Enter, SegmentChangeKind.Deleted], (await store.ReadChangesAsync("0-0", 100)).Changes.Select(change => change.Kind));
    }

    [RedisFact]
    public async Task Of_somebody_who_is_forgotten_nothing_is_left()
    {
        using var server = await RedisServer.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var store = Store(redis);
        var number = (await store.AdoptAsync(1, Segments("a"), 0))["a"];
        foreach (var person in (string[])["ann", "bob"])
        {
            await store.WriteAsync(person, [Change("a", number, true, 5_000)], 9_000);
        }

        await store.ForgetAsync(["ann"]);

        Assert.Equal(["bob"], (await store.ReadChangesAsync("0-0", 100)).Changes.Select(change => change.Person));
        Assert.Equal(["bob"], await store.DrawPeopleAsync(10));
        Assert.Equal(["bob"], await store.DrawMembersAsync(number, 10));
        Assert.Equal(["bob"], await store.ReadDueAsync(10_000, 10));
        foreach (var key in redis.GetServer(server.Address).Keys())
        {
            var dump = await redis.GetDatabase().KeyDumpAsync(key);
            Assert.DoesNotContain("ann", key.ToString() + System.Text.Encoding.Latin1.GetString(dump!), StringComparison.Ordinal);
        }
    }

    [RedisFact]
    public async Task Everybody_is_gone_through_and_drawn_from()
    {
        using var server = await RedisServer.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var store = Store(redis);
        for (var i = 0; i < 2_000; i++)
        {
            await store.WriteAsync($"p{i}", [], 0);
        }

        var seen = new HashSet<string>();
        var cursor = "0";
        while (cursor.Length > 0)
        {
            var (people, next) = await store.ScanPeopleAsync(cursor, 100);
            seen.UnionWith(people);
            cursor = next;
        }

        Assert.Equal(2_000, seen.Count);
        Assert.Equal(50, (await store.DrawPeopleAsync(50)).Distinct().Count());
        Assert.Equal(2_000, (await store.DrawPeopleAsync(5_000)).Count);
    }

    private static (string, SegmentFlip) Change(string id, int number, bool entered, long at) => (id, new SegmentFlip(number, entered, at));

    private static IReadOnlyList<SegmentDefinition> Segments(params string[] ids)
    {
        var change = new ConfigurationChange
        {
            Put = [.. ids.Select(id => (ConfigurationKind.Segment, id, JsonElement.Parse("""{"condition":{"profile.known":true}}""")))],
        };
        Assert.Empty(ConfigurationState.Empty.Apply(change, new Vocabulary(), out var state).Problems);
        return state.Plan.Definitions;
    }

    private static RedisSegmentStore Store(IConnectionMultiplexer redis) => new(redis, StoreOptions.Any);
}
