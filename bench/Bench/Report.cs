using System.Globalization;
using System.Text;

namespace Personalization.Bench;

/// <summary>The table of one run.</summary>
internal static class Report
{
    public static string Write(Effort effort, string machine, string commit, DateTimeOffset began, IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Benchmarks of {began:yyyy-MM-dd HH:mm} UTC, commit {commit}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{machine}. A {effort.Name} run of {(DateTimeOffset.UtcNow - began).TotalMinutes:0.0} minutes;");
        text.AppendLine("`bench/README.md` says what the rows mean.").AppendLine();
        text.AppendLine("| what | measured | bar | ratio: median (min–max) | |").AppendLine("| --- | --- | --- | --- | --- |");
        foreach (var row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.What} | {row.Measured} | {row.Bar} | {row.Ratio} | {Mark(row.Outcome)} |");
        }

        return text.ToString();
    }

    private static string Mark(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "pass",
        Outcome.Fail => "**fail**",
        Outcome.Skipped => "skipped",
        Outcome.Broken => "**broken**",
        _ => "",
    };
}
