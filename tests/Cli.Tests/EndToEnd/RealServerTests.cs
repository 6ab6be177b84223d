using System.Text.Json;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.EndToEnd;

/// <summary>The commands against the real server, each a process or a program as users run it.</summary>
public sealed class RealServerTests
{
    [SharedFact("data/eshop/clicks_2008_04_07.csv.gz")]
    public async Task The_next_click_of_the_real_shop_is_predicted_as_well_as_a_markov_table_does()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);

        var run = await CommandRun.OfAsync(
            "evaluate", SharedFolder.FilePath("data/eshop/clicks_2008_04_07.csv.gz"), "--json", "--server", node.Address);

        Assert.True(run.ExitCode == 0, run.Error);
        var report = JsonElement.Parse(run.Out);
        Assert.Equal(30_160, report.GetProperty("predictions").GetInt32());
        // The data's README: a Markov table reaches .6915 and .2502, popularity .2457 and .0521.
        Assert.InRange(Figure("evaluate.next", "hr@20"), 0.69, 0.75);
        Assert.InRange(Figure("evaluate.next", "mrr@20"), 0.25, 0.30);
        Assert.InRange(Figure("evaluate.popular", "hr@20"), 0.24, 0.26);

        double Figure(string placement, string name) => report.GetProperty("placements").GetProperty(placement).GetProperty(name).GetDouble();
    }

    [SharedFact("data/eshop/clicks_2008_04_07.csv.gz")]
    public async Task History_that_is_replayed_twice_counts_once_and_fills_no_window()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        string[] replay =
        [
            "replay", SharedFolder.FilePath("data/eshop/clicks_2008_04_07.csv.gz"), "--mapping", SamplePath("eshop.mapping.yaml"), "--items", "--server", node.Address,
        ];

        var first = await CommandRun.OfAsync(replay);
        var once = await node.GetAsync("/v1/users/eshop-1");
        var second = await CommandRun.OfAsync(replay);
        var twice = await node.GetAsync("/v1/users/eshop-1");

        Assert.True(first.ExitCode == 0 && second.ExitCode == 0, first.Error + second.Error);
        Assert.Equal(9, once.GetProperty("events").GetProperty("click").GetProperty("total").GetInt32());
        Assert.Equal(0, once.GetProperty("events").GetProperty("click").GetProperty("30d").GetInt32());
        Assert.Equal(once.GetProperty("events").ToString(), twice.GetProperty("events").ToString());
    }

    [Fact]
    public async Task The_sample_configuration_applies_and_applying_it_again_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        string[] apply = ["apply", SamplePath("shop.yaml"), "--server", node.Address];

        var first = await CommandRun.OfAsync(apply);
        var revision = (await node.PostAsync("/v1/decide", new { anonymousId = "a" })).GetProperty("revision").GetInt64();
        var second = await CommandRun.OfAsync(apply);
        var after = (await node.PostAsync("/v1/decide", new { anonymousId = "a" })).GetProperty("revision").GetInt64();

        Assert.True(first.ExitCode == 0 && second.ExitCode == 0, first.Error + second.Error);
        Assert.Equal(revision, after);
    }

    [Fact]
    public async Task A_fault_in_a_file_is_told_with_its_line_and_nothing_is_applied()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder["data"]);
        var file = folder.Write("bad.yaml", """
            experiences:
              a: { patches: [{ op: setText, selector: "h1", text: Hello }] }
            placements:
              hero:
                experiences:
                  - { id: b }
            """);

        var run = await CommandRun.OfAsync("apply", file, "--server", node.Address);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("bad.yaml:6", run.Error, StringComparison.Ordinal);
        Assert.Contains("placements.hero.experiences[0].id", run.Error, StringComparison.Ordinal);
        Assert.Empty((await node.PostAsync("/v1/decide", new { anonymousId = "a" })).GetProperty("placements").EnumerateObject());
    }

    [Fact]
    public async Task Simulated_visitors_are_recommended_what_others_went_on_to()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await CommandRun.OfAsync("apply", SamplePath("shop.yaml"), "--server", node.Address);

        var run = await CommandRun.OfAsync("simulate", "--events", "3000", "--people", "100", "--server", node.Address);

        Assert.True(run.ExitCode == 0, run.Error);
        var statistics = await node.GetAsync("/v1/stats");
        Assert.True(statistics.GetProperty("events").GetInt64() >= 3000);
        var item = (await node.PostAsync("/v1/decide", new { anonymousId = "new", placements = new[] { "home.recs" } }))
            .GetProperty("placements").GetProperty("home.recs").GetProperty("items")[0].GetProperty("id").GetString();
        await node.PostAsync("/v1/events", new { events = new[] { new { messageId = "1", type = "view", anonymousId = "new", properties = new { itemId = item } } } });
        var reason = (await node.PostAsync("/v1/decide", new { anonymousId = "new", placements = new[] { "product.recs" } }))
            .GetProperty("placements").GetProperty("product.recs").GetProperty("items")[0].GetProperty("reasons")[0].GetString();
        Assert.Equal($"next:{item}", reason);
    }

    private static string SamplePath(string name) => Path.Combine(Repository.Root, "samples", name);
}
