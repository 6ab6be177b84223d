using System.Net.Http.Json;
using System.Text.Json;

namespace Personalization.Node.Tests.Segments;

/// <summary>A real process, killed at random moments while people enter and leave, and somebody follows who comes back with the last id.</summary>
public sealed class SegmentCrashTests
{
    private const int Kills = 8;
    private const int People = 40;

    [Fact]
    public async Task Kills_lose_no_change_and_tell_none_twice()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(11);
        var counts = new int[People];
        var told = new List<(string Id, string Kind, string Segment, string Person)>();
        string? last = "0";
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var node = await NodeProcess.StartAsync(folder.Path);
            await node.PostAsync("/v1/configuration", Configuration());
            using var stop = new CancellationTokenSource();
            var following = FollowAsync(node, last, told, stop.Token);
            var sending = SendAsync(node, random, counts, kill, stop.Token);
            await Task.Delay(random.Next(100, 900));
            await node.KillAsync();
            await stop.CancelAsync();
            await sending;
            last = await following ?? last;
        }

        await using var server = await NodeProcess.StartAsync(folder.Path);
        using var end = new CancellationTokenSource();
        var rest = FollowAsync(server, last, told, end.Token);
        var members = new Dictionary<string, HashSet<string>>();
        for (var person = 0; person < People; person++)
        {
            using var found = await server.Http.GetAsync($"/v1/users/p{person}");
            var segments = found.IsSuccessStatusCode ? JsonElement.Parse(await found.Content.ReadAsStringAsync()).GetProperty("segments") : default;
            foreach (var segment in found.IsSuccessStatusCode ? segments.EnumerateArray().ToArray() : [])
            {
                var id = segment.GetString()!;
                (members.TryGetValue(id, out var some) ? some : members[id] = []).Add($"p{person}");
            }
        }

        Assert.True(members["some"].Count > 5, "Too little happened to mean anything.");
        foreach (var (segment, people) in members)
        {
            await server.UntilAsync($"/v1/segments/{segment}/size", size => size?.GetProperty("members").GetInt64() == people.Count);
            var sample = (await server.GetAsync($"/v1/segments/{segment}/sample?n=1000")).GetProperty("members").EnumerateArray().Select(person => person.GetString()!);
            Assert.Equal(people.Order(), sample.Order());
        }

        await SegmentNode.UntilAsync(() =>
        {
            lock (told)
            {
                return Task.FromResult(members.All(entry => Standing(entry.Key).SetEquals(entry.Value)));
            }
        });
        await end.CancelAsync();
        await rest;

        Assert.Equal(told.Count, told.Select(change => change.Id).Distinct().Count());
        foreach (var history in told.GroupBy(change => (change.Segment, change.Person)))
        {
            // Enter, leave, enter, leave: nobody enters twice or leaves twice.
            Assert.Equal(history.Select((_, i) => i % 2 == 0 ? "enter" : "leave"), history.Select(change => change.Kind));
        }

        HashSet<string> Standing(string segment) =>
            [.. told.Where(change => change.Segment == segment).GroupBy(change => change.Person).Where(changes => changes.Last().Kind == "enter").Select(changes => changes.Key)];
    }

    private static object Configuration() => JsonElement.Parse("""
        {"segments":{"some":{"condition":{"events.view.total":{"$gte":1}}},
                     "even":{"condition":{"events.toggle.total":{"$in":[2,4,6,8,10,12,14,16,18,20,22,24,26,28,30]}}},
                     "many":{"condition":{"segments.some":true,"events.view.total":{"$gte":4}}}}}
        """);

    private static async Task SendAsync(ServerProcess node, Random random, int[] counts, int round, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var person = random.Next(People);
            counts[person]++;
            try
            {
                await node.Http.PostAsJsonAsync("/v1/events", new
                {
                    events = new[]
                    {
                        new { messageId = $"{round}-{i}-v", type = "view", anonymousId = $"p{person}" },
                        new { messageId = $"{round}-{i}-t", type = "toggle", anonymousId = $"p{person}" },
                    },
                }, stop);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
            {
                return;
            }
        }
    }

    /// <summary>Follows the journal until the connection ends, and gives the id to come back with.</summary>
    private static async Task<string?> FollowAsync(
        ServerProcess node, string? last, List<(string Id, string Kind, string Segment, string Person)> told, CancellationToken stop)
    {
        var (id, kind) = (last, "");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/segments/changes");
            request.Headers.Add("Last-Event-ID", last);
            using var response = await node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
            var pending = id;
            string? data = null;
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    pending = line[4..];
                }
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    kind = line[7..];
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    data = line[6..];
                }
                else if (line.Length == 0)
                {
                    id = pending;
                    if (data is not null)
                    {
                        var change = JsonElement.Parse(data);
                        lock (told)
                        {
                            told.Add((id!, kind, change.GetProperty("segment").GetString()!, change.GetProperty("person").GetString()!));
                        }
                    }

                    data = null;
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            // The server was killed, or enough was seen.
        }

        return id;
    }
}
