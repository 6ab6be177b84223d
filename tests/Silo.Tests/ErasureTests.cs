using System.Text;
using StackExchange.Redis;

namespace Personalization.Silo.Tests;

/// <summary>An erasure across processes leaves nothing in Redis, whatever dies on the way.</summary>
public sealed class ErasureTests
{
    [RedisFact]
    public async Task Nothing_of_an_erased_person_is_in_redis_when_the_answer_comes_and_a_start_brings_nothing_back()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        var silo = cluster.Silos[0];
        await VisitAsync(silo, "victim-4711");
        await VisitAsync(silo, "neighbour");
        await silo.UntilAsync("/v1/users/victim-4711/export", found => found?.GetProperty("trainingSessions").GetArrayLength() > 0
            && found.Value.GetProperty("decisions").GetArrayLength() > 0);
        Assert.NotEmpty(await TracesAsync(cluster, "victim-4711"));

        using var response = await cluster.Silos[1].Http.DeleteAsync("/v1/users/victim-4711");
        var receipt = System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.True(receipt.GetProperty("finished").GetBoolean(), receipt.GetRawText());
        Assert.Equal(1, receipt.GetProperty("erased").GetProperty("profiles").GetInt64());
        Assert.Equal(1, receipt.GetProperty("erased").GetProperty("decisions").GetInt64());
        Assert.Equal(1, receipt.GetProperty("erased").GetProperty("trainingSessions").GetInt64());
        Assert.Contains(receipt.GetProperty("remains").EnumerateArray(), remainder => remainder.GetProperty("place").GetString() == $"topic {cluster.Kafka.Topic}");
        Assert.Empty(await TracesAsync(cluster, "victim-4711"));

        await cluster.KillAsync(cluster.Silos[1]);
        await cluster.KillAsync(cluster.Silos[0]);
        var after = await cluster.AddAsync("--cluster-id", "after");
        await VisitAsync(after, "neighbour", "2");
        await after.UntilAsync("/v1/users/neighbour", found => found?.GetProperty("events").GetProperty("view").GetProperty("total").GetInt32() == 2);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await after.Http.GetAsync("/v1/users/victim-4711")).StatusCode);
    }

    private static async Task VisitAsync(ServerProcess silo, string person, string messageId = "1")
    {
        await silo.PostAsync("/v1/events", new
        {
            events = new[] { new { messageId, type = "view", anonymousId = person, properties = new { itemId = "shoe", category = $"mark-of-{person}" } } },
        });
        await silo.PostAsync("/v1/decide", new { anonymousId = person });
    }

    /// <summary>Finds the keys that hold a text, in their name or in what they store.</summary>
    private static async Task<IReadOnlyList<string>> TracesAsync(ClusterUnderTest cluster, string text)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(cluster.Redis.Address);
        var database = redis.GetDatabase();
        var found = new List<string>();
        await foreach (var key in redis.GetServers()[0].KeysAsync())
        {
            var dumped = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.Hash => (await database.HashGetAllAsync(key)).SelectMany(entry => (RedisValue[])[entry.Name, entry.Value]),
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.Set => await database.SetMembersAsync(key),
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                _ => Enumerable.Empty<RedisValue>(),
            };
            if (((string)key!).Contains(text, StringComparison.Ordinal)
                || dumped.Any(value => ((byte[])value!).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0))
            {
                found.Add(key!);
            }
        }

        return found;
    }
}
