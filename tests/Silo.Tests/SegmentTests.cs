using System.Net.Http.Json;
using System.Text.Json;

namespace Personalization.Silo.Tests;

/// <summary>Segments over silos as processes, a real Redis, and members that die.</summary>
public sealed class SegmentTests
{
    [RedisFact]
    public async Task People_enter_once_whatever_silo_they_come_to_and_whichever_dies()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        await cluster.Silos[0].PostAsync("/v1/configuration", Configuration());
        await cluster.Silos[1].UntilAsync("/v1/segments/clicker", found => found is not null);
        for (var i = 0; i < 60; i++)
        {
            await Clicks.SendAsync(cluster.Silos[i % 2], $"person-{i}", "1");
        }

        foreach (var silo in cluster.Silos)
        {
            await UntilMembersAsync(silo, "clicker", 60);
        }

        await cluster.KillAsync(cluster.Silos[0]);
        var left = cluster.Silos[0];
        for (var i = 30; i < 90; i++)
        {
            await SendUntilTakenAsync(left, $"person-{i}");
        }

        await UntilMembersAsync(left, "clicker", 90);
        await UntilMembersAsync(left, "twice", 30);

        var told = await JournalAsync(left, 120);
        Assert.Equal(120, told.Distinct().Count());
        Assert.All(told, change => Assert.Equal("enter", change.Kind));
        Assert.Equal(30, (await left.GetAsync("/v1/segments/clicker/overlap?with=twice")).GetProperty("all").GetInt32());
    }

    // Until the cluster has noticed a death it can't tell what somebody whose profile died with a silo allows, and says 503.
    private static async Task SendUntilTakenAsync(ServerProcess silo, string person)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            using var answer = await silo.Http.PostAsJsonAsync("/v1/events", Clicks.Of(person, "2"), limit.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            await Task.Delay(200, limit.Token);
        }
    }

    [RedisFact]
    public async Task Time_moves_people_and_a_new_segment_asks_those_who_are_only_stored()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        var before = cluster.Silos[0];
        for (var i = 0; i < 30; i++)
        {
            await Clicks.SendAsync(before, $"person-{i}", "1");
        }

        await before.PostAsync("/v1/configuration", Configuration());
        await UntilMembersAsync(before, "clicker", 30);
        await cluster.StopAsync(before);
        var after = await cluster.AddAsync("--cluster-id", "after");

        await after.PostAsync("/v1/configuration", JsonElement.Parse("""{"segments":{"known":{"condition":{"profile.known":true}}}}"""));
        await UntilMembersAsync(after, "known", 30);
        await after.PostAsync("/v1/events", new
        {
            events = new[] { new { messageId = "w", type = "wave", anonymousId = "person-1", timestamp = DateTimeOffset.UtcNow.AddSeconds(-50) } },
        });
        await UntilMembersAsync(after, "waving", 1);
        await UntilMembersAsync(after, "waving", 0);

        var waves = (await JournalAsync(after, 62)).Where(change => change.Segment == "waving");
        Assert.Equal([("enter", "waving", "person-1"), ("leave", "waving", "person-1")], waves);
        var preview = await after.PostAsync("/v1/segments/preview", JsonElement.Parse("""{"condition":{"events.wave.total":1},"replaces":"known"}"""));
        Assert.Equal("would match 1 of 30 profiles", preview.GetProperty("summary").GetString());
        Assert.Equal(29, preview.GetProperty("replaces").GetProperty("leaving").GetInt32());
    }

    private static JsonElement Configuration() => JsonElement.Parse("""
        {"segments":{"clicker":{"condition":{"events.click.total":{"$gte":1}}},
                     "twice":{"condition":{"segments.clicker":true,"events.click.total":{"$gte":2}}},
                     "waving":{"condition":{"events.wave.1m":{"$gte":1}}}}}
        """);

    private static Task UntilMembersAsync(ServerProcess silo, string segment, int members) => silo.UntilAsync(
        $"/v1/segments/{segment}/size",
        size => size is { } known && known.GetProperty("complete").GetBoolean() && known.GetProperty("members").GetInt32() == members);

    /// <summary>Follows the journal from its beginning until it has told so many changes.</summary>
    private static async Task<(string Kind, string Segment, string Person)[]> JournalAsync(ServerProcess silo, int changes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/segments/changes");
        request.Headers.Add("Last-Event-ID", "0-0");
        using var response = await silo.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var told = new List<(string, string, string)>();
        var kind = "";
        while (told.Count < changes && await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                kind = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var change = JsonElement.Parse(line[6..]);
                told.Add((kind, change.GetProperty("segment").GetString()!, change.GetProperty("person").GetString()!));
            }
        }

        return [.. told];
    }
}
