using System.CommandLine;
using System.Globalization;
using Personalization.Cli.Files;
using Personalization.Cli.Output;
using Personalization.Core.Statistics;

namespace Personalization.Cli.Experiments;

/// <summary><c>personalize experiment analyze</c>.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "CSV, plain or gzip, of cumulative checkpoints: experiment_id, variant_id, metric_id, time_since_start, count_c, count_t, "
                + "mean_c, mean_t, variance_c, variance_t.",
        };
        var alpha = DesignOptions.Alpha();
        var command = new Command("analyze", "Judges experiments of any origin from their checkpoints, as if they had been looked at each time.") { file, alpha };
        command.SetAction(parsed =>
        {
            using var input = new InputFile(parsed.GetRequiredValue(file));
            using var text = new StreamReader(input.Content);
            var streams = new CheckpointFile(text, terminal.Error).Read();
            Write(terminal.Out, streams, parsed.GetValue(alpha));
            return 0;
        });
        return command;
    }

    private static void Write(TextWriter writer, IReadOnlyList<CheckpointStream> streams, double alpha)
    {
        var verdicts = streams.Select(stream => Verdict.Of(stream, alpha)).ToArray();
        var adjusted = MultipleTesting.Adjust([.. verdicts.Select(verdict => verdict.Fixed.PValue)], Correction.BenjaminiHochberg);
        PlainTable.Write(
            writer,
            ["experiment/variant/metric", "looks", "difference", "p at the end", "p, any time", "called at", "p, among all"],
            verdicts.Select((verdict, i) => new[]
            {
                verdict.Name, Number(verdict.Looks, "0"), Number(verdict.Fixed.Estimate, "0.#####"), Number(verdict.Fixed.PValue, "0.####"),
                Number(verdict.Sequential.PValue, "0.####"), verdict.CalledAt is { } time ? Number(time, "0.##") : "", Number(adjusted[i], "0.####"),
            }));
        var level = Number(alpha, "0.####");
        writer.WriteLine($"{verdicts.Length} comparisons. Below {level} at the end: {verdicts.Count(verdict => verdict.Fixed.PValue < alpha)}; "
            + $"below it at any look, which proves nothing: {verdicts.Count(verdict => verdict.Peeked)}; "
            + $"called by a confidence sequence: {verdicts.Count(verdict => verdict.CalledAt is not null)}; "
            + $"kept by Benjamini and Hochberg: {adjusted.Count(p => p <= alpha)}; "
            + $"by Holm: {MultipleTesting.Adjust([.. verdicts.Select(verdict => verdict.Fixed.PValue)], Correction.Holm).Count(p => p <= alpha)}.");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Verdict(string Name, int Looks, Effect Fixed, Effect Sequential, double? CalledAt, bool Peeked)
    {
        public static Verdict Of(CheckpointStream stream, double alpha)
        {
            var last = stream.Points[^1].Contrast;

            // Tuned to where it is tightest on average: the end is not known while it runs, so half of it is as good a guess as any.
            var tuning = last.Count / 2;
            var sequence = stream.Points.Select(point => (point.Time, Effect: ConfidenceSequence.Test(point.Contrast, alpha, tuning))).ToArray();
            var called = sequence.Where(point => point.Effect.PValue <= alpha).Select(point => (double?)point.Time).FirstOrDefault();
            return new Verdict(
                stream.Name,
                stream.Points.Count,
                WelchTest.Test(last, alpha),
                sequence[^1].Effect,
                called,
                stream.Points.Any(point => WelchTest.Test(point.Contrast, alpha).PValue < alpha));
        }
    }
}
