using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Personalization.Node.Tests;

/// <summary>Bad folders, full disks, damaged files: a clear word each, and never half a state.</summary>
public sealed class StartAndDiskTests
{
    [Fact]
    public async Task A_second_process_on_the_same_folder_refuses_and_says_why()
    {
        using var folder = new TemporaryFolder();
        await using var first = await NodeProcess.StartAsync(folder.Path);

        var (exitCode, errors) = await NodeProcess.RunAsync("--urls", "http://127.0.0.1:0", "--data", folder.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains(folder.Path, errors, StringComparison.Ordinal);
        Assert.Contains("--data", errors, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first.Http.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        var (exitCode, errors) = await NodeProcess.RunAsync("--urls", "http://127.0.0.1:0", "--data", "/proc/personalization");

        Assert.Equal(1, exitCode);
        Assert.Contains("/proc/personalization", errors, StringComparison.Ordinal);
        Assert.Contains("--data", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://192.0.2.1:80")]
    public async Task Without_keys_it_listens_on_loopback_only(string url)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, errors) = await NodeProcess.RunAsync("--urls", url, "--data", folder.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("--urls", errors, StringComparison.Ordinal);
        Assert.Contains("loopback", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_named_and_nothing_starts()
    {
        using var folder = new TemporaryFolder();
        await using (var node = await NodeProcess.StartAsync(folder.Path))
        {
            await node.PostAsync("/v1/events", Click("a", "1"));
        }

        var file = Directory.GetFiles(folder.Path, "*.db").Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes.AsSpan(0, 64).Fill(0x5A);
        await File.WriteAllBytesAsync(file, bytes);

        var (exitCode, errors) = await NodeProcess.RunAsync("--urls", "http://127.0.0.1:0", "--data", folder.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains(file, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_and_a_start_change_nothing()
    {
        using var folder = new TemporaryFolder();
        JsonElement before;
        await using (var node = await NodeProcess.StartAsync(folder.Path, "--demo"))
        {
            await node.PostAsync("/v1/events", Click("a", "1", "chef-knife"));
            before = await node.PostAsync("/v1/decide", new { anonymousId = "a" });
        }

        await using var again = await NodeProcess.StartAsync(folder.Path, "--demo");
        var after = await again.PostAsync("/v1/decide", new { anonymousId = "a" });

        Assert.True(JsonElement.DeepEquals(before.GetProperty("placements"), after.GetProperty("placements")));
        Assert.Equal(before.GetProperty("profileVersion").GetInt64(), after.GetProperty("profileVersion").GetInt64());
        var remembered = await again.GetAsync($"/v1/decisions/{before.GetProperty("decisionId").GetString()}");
        Assert.Equal("a", remembered.GetProperty("person").GetString());
    }

    [Fact]
    public async Task The_demo_changes_its_mind_after_one_click()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path, "--demo");
        var question = new { anonymousId = "me", placements = new[] { "home.hero", "home.recs" } };

        var before = await node.PostAsync("/v1/decide", question);
        await node.PostAsync("/v1/events", Click("me", "1", "wireless-headphones"));
        var after = await node.PostAsync("/v1/decide", question);

        Assert.Equal("hero-welcome", Hero(before));
        Assert.Equal("hero-electronics", Hero(after));
        Assert.Equal("next:wireless-headphones", after.GetProperty("placements").GetProperty("home.recs").GetProperty("items")[0].GetProperty("reasons")[0].GetString());

        static string? Hero(JsonElement decision) => decision.GetProperty("placements").GetProperty("home.hero").GetProperty("experience").GetString();
    }

    [MountFact]
    public async Task A_full_disk_refuses_events_with_503_and_goes_on_deciding()
    {
        using var disk = new SmallDisk("8m");
        await using var node = await NodeProcess.StartAsync(disk["data"], "--demo");
        var filler = disk.Fill();

        HttpResponseMessage refused;
        var number = 0;
        do
        {
            refused = await node.Http.PostAsJsonAsync("/v1/events", Click("a", $"m{++number}"));
        }
        while (refused.StatusCode == HttpStatusCode.Accepted && number < 10_000);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        var decision = await node.PostAsync("/v1/decide", new { anonymousId = "a" });
        Assert.NotEmpty(decision.GetProperty("placements").EnumerateObject());

        File.Delete(filler);
        await node.PostAsync("/v1/events", Click("a", $"m{number}"));
        var profile = await node.GetAsync("/v1/users/a");
        Assert.Equal(number, profile.GetProperty("events").GetProperty("click").GetProperty("total").GetInt32());
    }

    private static object Click(string person, string messageId, string item = "item") =>
        new { events = new[] { new { messageId, type = "click", anonymousId = person, properties = new { itemId = item } } } };
}
