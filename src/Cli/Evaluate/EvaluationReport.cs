using System.Globalization;
using System.Text.Json;
using Personalization.Cli.Output;

namespace Personalization.Cli.Evaluate;

/// <summary>Writes what an evaluation found.</summary>
/// <param name="Contenders">What was measured.</param>
/// <param name="TrainingSessions">How many sessions were learned from.</param>
/// <param name="TestSessions">How many sessions were predicted.</param>
/// <param name="Training">How long sending the training events took.</param>
/// <param name="Predicting">How long the predictions took, with their clicks.</param>
internal sealed record EvaluationReport(
    IReadOnlyList<Contender> Contenders, int TrainingSessions, int TestSessions, TimeSpan Training, TimeSpan Predicting)
{
    private static readonly int[] Depths = [1, 5, 10, 20];

    public long Predictions => Contenders[0].Ranks.Predictions;

    public void WriteTable(TextWriter writer)
    {
        PlainTable.Write(
            writer,
            ["placement", .. Depths.Select(depth => $"HR@{depth}"), "MRR@20"],
            Contenders.Select(contender => new[]
            {
                contender.Name,
            }.Concat(Depths.Select(contender.Ranks.HitRate).Append(contender.Ranks.MeanReciprocalRank()).Select(Fixed)).ToArray()));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Predictions:N0} predictions in {TestSessions:N0} sessions, learned from {TrainingSessions:N0} sessions"));
        writer.WriteLine($"training {ProgressPoint.Clock(Training)}, predicting {ProgressPoint.Clock(Predicting)}");
    }

    public void WriteJson(TextWriter writer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("predictions", Predictions);
            json.WriteNumber("trainingSessions", TrainingSessions);
            json.WriteNumber("testSessions", TestSessions);
            json.WriteNumber("trainingSeconds", Math.Round(Training.TotalSeconds, 3));
            json.WriteNumber("predictingSeconds", Math.Round(Predicting.TotalSeconds, 3));
            json.WriteStartObject("placements");
            foreach (var contender in Contenders)
            {
                json.WriteStartObject(contender.Name);
                foreach (var depth in Depths)
                {
                    json.WriteNumber($"hr@{depth}", Math.Round(contender.Ranks.HitRate(depth), 6));
                }

                json.WriteNumber("mrr@20", Math.Round(contender.Ranks.MeanReciprocalRank(), 6));
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static string Fixed(double share) => share.ToString("0.0000", CultureInfo.InvariantCulture);
}
