using System.Text.Json;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.EndToEnd;

/// <summary>What people may ask for, and what encrypts them, from the command line against the real server.</summary>
public sealed class PrivacyCommandTests
{
    [Fact]
    public async Task A_person_is_exported_and_a_file_of_people_is_erased()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder["data"]);
        foreach (var id in (string[])["ann", "ben", "cid"])
        {
            await node.PostAsync("/v1/events", new { events = new[] { new { messageId = "1", type = "view", anonymousId = id, properties = new { itemId = "shoe" } } } });
        }

        var export = await CommandRun.OfAsync("export", "ann", "--server", node.Address);
        var erase = await CommandRun.OfAsync("erase", "cid", "--file", folder.Write("ids.txt", "ann\nben\n"), "--server", node.Address);
        var gone = await CommandRun.OfAsync("export", "ann", "--server", node.Address);

        Assert.Equal("ann", JsonElement.Parse(export.Out).GetProperty("profile").GetProperty("id").GetString());
        Assert.True(erase.ExitCode == 0, erase.Error);
        Assert.Contains("3 profiles", erase.Out, StringComparison.Ordinal);
        Assert.Equal(1, gone.ExitCode);
        Assert.Equal(0, (await node.GetAsync("/v1/stats")).GetProperty("profiles").GetInt64());
    }

    [Fact]
    public async Task Nobody_named_is_nobody_erased()
    {
        var run = await CommandRun.OfAsync("erase");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_is_made_once_rotated_and_taken_by_the_server()
    {
        using var folder = new TemporaryFolder();
        var ring = folder["keys.json"];
        var made = await CommandRun.OfAsync("keys", "new", ring);
        var again = await CommandRun.OfAsync("keys", "new", ring);
        await using (var node = await NodeProcess.StartAsync(folder["data"], "--key-file", ring))
        {
            await node.PostAsync("/v1/events", new { events = new[] { new { messageId = "1", type = "view", anonymousId = "ann" } } });
        }

        var rotated = await CommandRun.OfAsync("keys", "rotate", ring);

        Assert.Equal((0, 1, 0), (made.ExitCode, again.ExitCode, rotated.ExitCode));
        Assert.Equal(2, JsonElement.Parse(await File.ReadAllTextAsync(ring)).GetProperty("keys").EnumerateObject().Count());
        await using var after = await NodeProcess.StartAsync(folder["data"], "--key-file", ring);
        Assert.Equal("ann", (await after.GetAsync("/v1/users/ann")).GetProperty("id").GetString());

        await after.StopAsync();
        var (exitCode, errors) = await NodeProcess.RunAsync("--data", folder["data"], "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, exitCode);
        Assert.Contains("--key-file", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_sessions_are_written_one_a_line()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder["data"]);
        var earlier = DateTimeOffset.UtcNow.AddHours(-2);
        await node.PostAsync("/v1/events", new
        {
            events = new[] { new { messageId = "1", type = "view", timestamp = earlier, anonymousId = "ann", properties = new { itemId = "shoe" } } },
        });
        await CommandRun.OfAsync("erase", "nobody", "--server", node.Address);

        var run = await CommandRun.OfAsync("training", "export", folder["sessions.ndjson"], "--server", node.Address);

        Assert.True(run.ExitCode == 0, run.Error);
        var session = JsonElement.Parse(Assert.Single(await File.ReadAllLinesAsync(folder["sessions.ndjson"])));
        Assert.Equal("shoe", session.GetProperty("steps")[0].GetProperty("item").GetString());
        Assert.DoesNotContain("ann", session.GetRawText(), StringComparison.Ordinal);
    }
}
