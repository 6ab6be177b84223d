using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Segments;

/// <summary><c>personalize segment</c> against the real server.</summary>
public sealed class SegmentCommandTests
{
    [Fact]
    public async Task A_segment_is_tried_and_one_that_exists_is_compared_with()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder["data"]);
        await node.PostAsync("/v1/events", new
        {
            events = Enumerable.Range(0, 30).Select(i => new { messageId = $"{i}", type = i < 12 ? "purchase" : "view", anonymousId = $"p{i}" }),
        });
        await node.PostAsync("/v1/configuration", new
        {
            segments = new { everybody = new { condition = new Dictionary<string, object> { ["profile.known"] = true } } },
        });
        await node.UntilAsync("/v1/segments/everybody/size", size => size?.GetProperty("members").GetInt32() == 30);
        var file = folder.Write("segments.yaml", """
            segments:
              buyers: { condition: { events.purchase.total: { $gte: 1 } } }
              everybody: { condition: { events.view.total: { $gte: 1 } } }
            """);

        var preview = await CommandRun.OfAsync("segment", "preview", file, "--server", node.Address);
        var sizes = await CommandRun.OfAsync("segment", "sizes", "--server", node.Address);

        Assert.True(preview.ExitCode == 0, preview.Error);
        Assert.Contains("buyers: would match 12 of 30 profiles\n", preview.Out, StringComparison.Ordinal);
        Assert.Contains("everybody: would match 18 of 30 profiles\n  12 of 30 members would leave\n", preview.Out, StringComparison.Ordinal);
        Assert.Equal("          30  everybody\n", sizes.Out);
    }

    [Fact]
    public async Task A_fault_is_told_with_its_line()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder["data"]);
        var file = folder.Write("segments.yaml", """
            segments:
              buyers:
                condition:
                  sesion.active: true
            """);

        var run = await CommandRun.OfAsync("segment", "preview", file, "--server", node.Address);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("segments.yaml:4: segments.buyers.condition.sesion.active: ", run.Error, StringComparison.Ordinal);
    }
}
