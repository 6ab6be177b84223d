using Spectre.Console;

namespace Personalization.Cli.Output;

/// <summary>Shows how a piece of work advances: a bar where a person watches, a line now and then where not.</summary>
/// <remarks>The work knows nothing of it: the report looks at it from outside until it ends.</remarks>
internal static class ProgressReport
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);

    /// <summary>Reports until <paramref name="work"/> ends, then ends as it did.</summary>
    public static async Task WatchAsync(Terminal terminal, string title, string unit, Func<ProgressPoint> look, Task work)
    {
        var started = terminal.Time.GetTimestamp();
        string Line() => look().Describe(unit, terminal.Time.GetElapsedTime(started));

        if (terminal.Interactive)
        {
            await DrawAsync(terminal, title, look, Line, work);
        }
        else
        {
            while (await GoesOnAfter(WriteEvery, work))
            {
                terminal.Error.WriteLine($"{title}: {Line()}");
            }
        }

        await work;
        terminal.Error.WriteLine($"{title}: {Line()}");
    }

    private static Task DrawAsync(Terminal terminal, string title, Func<ProgressPoint> look, Func<string> line, Task work) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) })
            .Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask(title, maxValue: 1);
                do
                {
                    var fraction = look().Fraction;
                    bar.IsIndeterminate = fraction is null;
                    bar.Value = fraction ?? 0;
                    bar.Description = Markup.Escape($"{title}: {line()}");
                }
                while (await GoesOnAfter(DrawEvery, work));
            });

    // A person's clock, not the command's: a simulated clock must not make the report spin.
    private static async Task<bool> GoesOnAfter(TimeSpan pause, Task work)
    {
        await Task.WhenAny(work, Task.Delay(pause));
        return !work.IsCompleted;
    }
}
