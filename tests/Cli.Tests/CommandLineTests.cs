using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("replay")]
    [InlineData("evaluate")]
    [InlineData("apply")]
    [InlineData("simulate")]
    public async Task Every_command_explains_itself(string command)
    {
        var run = await CommandRun.OfAsync(command, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--server <URL>", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(" = ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_on_the_command_line_is_one_clear_line_and_a_way_to_the_help()
    {
        var run = await CommandRun.OfAsync("replay", "x.ndjson", "--concurrency", "0");
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Equal("error: --concurrency is 1 to 256, not 0.\nSee: personalize replay --help\n", run.Error);
    }

    [Fact]
    public async Task Without_a_command_the_help_is_shown()
    {
        var run = await CommandRun.OfAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("simulate", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://host")]
    public async Task An_address_that_is_none_is_refused(string address)
    {
        var run = await CommandRun.OfAsync("replay", "x.ndjson", "--server", address);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"'{address}' is not the address of a server.", run.Error, StringComparison.Ordinal);
    }
}
