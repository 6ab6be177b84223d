using Personalization.Cli.Output;

namespace Personalization.Cli.Tests.Support;

/// <summary>How one command line ended and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error, IReadOnlyList<TimeSpan> Waits)
{
    /// <summary>Runs a command line in this process. Waiting takes no time.</summary>
    public static async Task<CommandRun> OfAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var time = new ImpatientTime();
        var exitCode = await CommandLine.RunAsync(args, new Terminal(output, TextWriter.Synchronized(error), Interactive: false, time), CancellationToken.None);
        return new(exitCode, output.ToString(), error.ToString(), time.Waits);
    }
}
