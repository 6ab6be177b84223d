using System.Text.Json;

namespace Personalization.Node.Tests;

/// <summary>Devices and logins, over HTTP and across a kill.</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task A_killed_node_comes_back_with_the_same_links_and_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        string before;
        await using (var node = await NodeProcess.StartAsync(folder.Path))
        {
            await SendAsync(node, Event("view", "a1"), Event("view", "a1"), Event("view", "a2"));
            await SendAsync(node, Event("identify", "a1", "u1"), Event("view", "a1"), Event("alias", null, "u1", "a2"), Event("view", "a2"));
            await SendAsync(node, Event("identify", "a1", "u2"), Event("view", "a1"));
            before = await ViewsAsync(node);
            await node.KillAsync();
        }

        for (var start = 0; start < 2; start++)
        {
            // The first start folds the log, and stops with a checkpoint that the second one reads.
            await using var node = await NodeProcess.StartAsync(folder.Path);
            Assert.Equal(before, await ViewsAsync(node));
        }

        Assert.Contains("\"id\":\"u2\"", before, StringComparison.Ordinal);
        Assert.Contains("\"total\":5", before, StringComparison.Ordinal);

        static async Task<string> ViewsAsync(ServerProcess node) =>
            string.Join('\n', await Task.WhenAll(((string[])["a1", "a2", "u1", "u2"]).Select(id => node.Http.GetStringAsync($"/v1/users/{id}"))));
    }

    [Fact]
    public async Task Bad_links_are_told_by_index_and_field_and_the_rest_of_the_batch_is_kept()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await SendAsync(node, Event("view", null, "u1"), Event("view", null, "u2"), Event("alias", null, "u1", "a1"));

        var answer = await SendAsync(
            node,
            Event("alias", null, "u1", "u1"),
            Event("view", "a9"),
            Event("alias", null, "a1", "u1"),
            Event("alias", null, "u1", "u2"),
            Event("identify", "a1"),
            Event("identify", "u2", "u1"),
            Event("view", "a9"));

        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(
            [
                "0 previousId alias_to_itself",
                "2 previousId alias_cycle",
                "3 previousId merge_of_logins",
                "4 userId required",
                "5 anonymousId merge_of_logins",
            ],
            answer.GetProperty("rejected").EnumerateArray().Select(rejected =>
                $"{rejected.GetProperty("index")} {rejected.GetProperty("path")} {rejected.GetProperty("code")}"));
        Assert.Equal("u2", (await node.GetAsync("/v1/users/u2")).GetProperty("id").GetString());
        Assert.Equal(["a1"], (await node.GetAsync("/v1/users/a1")).GetProperty("devices").EnumerateArray().Select(device => device.GetString()));

        // The same in a stream, by line.
        using var lines = new StringContent(
            string.Join('\n', new[] { Event("view", "a9"), Event("alias", null, "u1", "u2") }.Select(source => JsonSerializer.Serialize(source))),
            null,
            "application/x-ndjson");
        using var response = await node.Http.PostAsync("/v1/events", lines);
        var streamed = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("rejected")[0];
        Assert.Equal((1, "merge_of_logins"), (streamed.GetProperty("index").GetInt32(), streamed.GetProperty("code").GetString()));
    }

    private static Task<JsonElement> SendAsync(ServerProcess node, params object[] events) => node.PostAsync("/v1/events", new { events });

    private static object Event(string type, string? anonymousId, string? userId = null, string? previousId = null) =>
        new { messageId = Guid.NewGuid().ToString(), type, anonymousId, userId, previousId };
}
