namespace Personalization.Node.Tests.Privacy;

/// <summary>A real process that is killed in the middle of an erase: the next one finishes it.</summary>
public sealed class EraseKillTests
{
    [Theory]
    [InlineData("erase.mark")]
    [InlineData("erase.log")]
    [InlineData("erase.decisions")]
    [InlineData("erase.training")]
    [InlineData("erase.forget")]
    [InlineData("erase.scrub")]
    [InlineData("erase.finish")]
    public async Task An_erase_that_was_killed_is_finished_by_the_next_start(string step)
    {
        using var folder = new TemporaryFolder();
        await using (var prepared = await NodeProcess.StartAsync(folder.Path))
        {
            await Visitor.ConfigureAsync(prepared);
            await Visitor.VisitAsync(prepared, "victim-4711", "stored");
        }

        await using (var node = await NodeProcess.StartAsync(
            folder.Path, [("DOTNET_STARTUP_HOOKS", typeof(EraseKillTests).Assembly.Location), (StartupHook.Variable, step)]))
        {
            await Visitor.VisitAsync(node, "victim-4711", "logged");
            await Visitor.VisitAsync(node, "neighbour");
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => node.Http.DeleteAsync("/v1/users/victim-4711"));
            await node.EndedAsync();
        }

        await using var restarted = await NodeProcess.StartAsync(folder.Path);

        // Whoever is erased next is erased after those that were left.
        await Visitor.EraseAsync(restarted, "nobody");
        Assert.Empty(Traces.Find(folder.Path, "victim-4711", Visitor.MarkOf("victim-4711")));
        Assert.Equal(0, await Visitor.ViewsAsync(restarted, "victim-4711"));
        Assert.Equal(1, await Visitor.ViewsAsync(restarted, "neighbour"));
    }

    [Fact]
    public async Task A_visit_after_the_mark_is_kept_by_the_start_that_finishes_the_erase()
    {
        using var folder = new TemporaryFolder();
        await using (var node = await NodeProcess.StartAsync(
            folder.Path, [("DOTNET_STARTUP_HOOKS", typeof(EraseKillTests).Assembly.Location), (StartupHook.Variable, "erase.log")]))
        {
            await Visitor.VisitAsync(node, "returner", "before");
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => node.Http.DeleteAsync("/v1/users/returner"));
            await node.EndedAsync();
        }

        await using var restarted = await NodeProcess.StartAsync(folder.Path);
        await Visitor.VisitAsync(restarted, "returner", "after");
        await Visitor.EraseAsync(restarted, "nobody");

        Assert.Equal(1, await Visitor.ViewsAsync(restarted, "returner"));
    }
}
