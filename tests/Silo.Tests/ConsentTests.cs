using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using StackExchange.Redis;

namespace Personalization.Silo.Tests;

/// <summary>What a person denied reaches neither the log nor the store, whichever silo is asked; and the trail of it survives silos that die.</summary>
public sealed class ConsentTests
{
    private const string Marker = "never-to-be-stored-7f3a9c";
    private const string Allowed = "this-may-be-stored-51be02";
    private const int Partitions = 2;

    [RedisFact]
    public async Task What_is_denied_is_in_no_key_of_redis_and_no_record_of_kafka()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2, Partitions);
        using var log = new LogReader(cluster.Kafka, Partitions);
        using var store = await Store.OpenAsync(cluster.Redis);
        var (one, other) = (cluster.Silos[0], cluster.Silos[1]);

        await PutAsync(one, "ann", "personalization", "denied");
        Assert.Equal(1, await SendAsync(other, Marked("ann", "1", null)));
        Assert.Equal(1, await SendAsync(one, Marked("bob", "2", new { personalization = false })));
        Assert.Equal(1, await SendAsync(one, Choice("cid"), Marked("cid", "3", null)));
        await other.PostAsync("/v1/decide", new { anonymousId = "ann", context = new { secret = Marker }, page = new { url = $"https://shop.example/{Marker}" } });
        var allowed = await other.PostAsync("/v1/events", new { events = new[] { Marked("dan", "4", null, Allowed) } });
        await store.UntilAsync("dan", allowed.GetProperty("profileVersion").GetInt64());

        var events = await log.FinishAsync();
        Assert.Equal(3, events.Count);
        Assert.False(Holds(events.Select(EventRecord.ValueOf), Marker));
        Assert.True(Holds(events.Select(EventRecord.ValueOf), Allowed));

        var dump = await DumpAsync(cluster.Redis.Address);
        Assert.False(Holds(dump, Marker), "What was denied is in Redis.");
        Assert.True(Holds(dump, Allowed), "The search finds nothing at all.");
    }

    [RedisFact]
    public async Task Choices_are_on_record_once_and_in_order_though_silos_die()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2, Partitions);
        var made = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            made.Add(i % 2 == 0 ? "denied" : "granted");
            await PutAsync(cluster.Any(), "ann", "training", made[^1], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i));
            if (i == 5)
            {
                await cluster.KillAsync(cluster.Silos[0]);
                await cluster.AddAsync();
            }
        }

        await cluster.Any().UntilAsync("/v1/users/ann/consent/history", found => found is { } history && Choices(history).Length >= made.Count);
        var last = await cluster.Any().GetAsync("/v1/users/ann/consent/history");
        Assert.Equal(made, Choices(last));
        Assert.Equal("granted", (await cluster.Any().GetAsync("/v1/users/ann/consent")).GetProperty("purposes").GetProperty("training").GetProperty("choice").GetString());
    }

    private static string?[] Choices(JsonElement history) =>
        [.. history.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("purposes").GetProperty("training").GetString())];

    private static async Task PutAsync(ServerProcess silo, string person, string purpose, string choice, DateTime? since = null)
    {
        // While silos come and go a call may be refused; it is then sent again, as clients do.
        for (var attempt = 0; ; attempt++)
        {
            var body = new { purposes = new Dictionary<string, string> { [purpose] = choice }, since };
            using var response = await silo.Http.PutAsJsonAsync($"/v1/users/{person}/consent", body);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            Assert.True(attempt < 100, $"The choice was refused for too long: {await response.Content.ReadAsStringAsync()}");
            await Task.Delay(100);
        }
    }

    private static async Task<int> SendAsync(ServerProcess silo, params object[] events) =>
        (await silo.PostAsync("/v1/events", new { events })).GetProperty("dropped").GetInt32();

    private static object Choice(string person) =>
        new { messageId = "choice", type = "consent", anonymousId = person, consent = new { personalization = false }, properties = new { query = Marker } };

    private static object Marked(string person, string message, object? consent, string marker = Marker) => new
    {
        messageId = $"{message} {marker}",
        type = $"type-{marker}",
        anonymousId = person,
        consent,
        properties = new { itemId = marker, category = marker, brand = marker, query = marker, placement = marker, decisionId = marker },
    };

    private static bool Holds(IEnumerable<byte[]> values, string marker) => values.Any(value => value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker)) >= 0);

    /// <summary>Gives every key and every value, as a dump holds them.</summary>
    private static async Task<List<byte[]>> DumpAsync(string address)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{address},allowAdmin=true");
        var database = redis.GetDatabase();
        await database.ExecuteAsync("CONFIG", "SET", "rdbcompression", "no");
        var dump = new List<byte[]>();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pageSize: 1000))
        {
            dump.Add(Encoding.UTF8.GetBytes((string)key!));
            dump.Add(await database.KeyDumpAsync(key) ?? []);
        }

        return dump;
    }
}
