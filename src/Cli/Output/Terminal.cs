namespace Personalization.Cli.Output;

/// <summary>Where a command writes and what tells it the time.</summary>
/// <param name="Out">Results, which may be piped on.</param>
/// <param name="Error">Progress, warnings and errors.</param>
/// <param name="Interactive">Whether a person watches <paramref name="Error"/>, so that a line may be drawn over.</param>
/// <param name="Time">The clock, and what waiting is measured by.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Interactive, TimeProvider Time)
{
    public static Terminal OfThisProcess() => new(Console.Out, Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
}
