using System.Globalization;
using Personalization.Cli.Files;
using Personalization.Core.Statistics;

namespace Personalization.Cli.Experiments;

/// <summary>One comparison of an experiment, checkpoint by checkpoint.</summary>
internal sealed record CheckpointStream(string Name, IReadOnlyList<(double Time, Contrast Contrast)> Points);

/// <summary>Reads cumulative checkpoints, and reports what is incomplete or goes backwards instead of failing over it.</summary>
internal sealed class CheckpointFile(TextReader text, TextWriter warnings)
{
    private static readonly string[] Names = ["experiment_id", "variant_id", "metric_id"];

    private static readonly string[] Figures =
        ["time_since_start", "count_c", "count_t", "mean_c", "mean_t", "variance_c", "variance_t"];

    private const int MostWarnings = 20;

    private int _incomplete;
    private int _backwards;

    public IReadOnlyList<CheckpointStream> Read()
    {
        var csv = new CsvReader(text, ',');
        var header = csv.Read() ?? throw new UserError("The file is empty.");
        var names = Array.ConvertAll(Names, name => Column(header, name));
        var figures = Array.ConvertAll(Figures, name => Column(header, name));
        var streams = new Dictionary<string, List<double[]>>(StringComparer.Ordinal);
        while (csv.Read() is { } row)
        {
            var name = string.Join('/', names.Select(column => Cell(row, column)));
            if (Numbers(row, figures) is { } numbers)
            {
                Add(streams, name, numbers, csv.Line);
            }
            else
            {
                Warn(ref _incomplete, $"line {csv.Line}: {name} has an empty or unreadable figure; the checkpoint is left out.");
            }
        }

        Summarise(_incomplete, "incomplete checkpoints were left out");
        Summarise(_backwards, "checkpoints have fewer people than the one before, which counts that add up never do");
        return [.. streams.Select(entry => Stream(entry.Key, entry.Value)).Where(stream => stream.Points.Count > 0)];
    }

    private static CheckpointStream Stream(string name, List<double[]> rows) =>
        new(name, [.. rows.Select(row => (row[0], Contrast(row))).Where(point => point.Item2.IsTestable)]);

    private static Contrast Contrast(double[] row) => Core.Statistics.Contrast.Of(Arm(row[1], row[3], row[5]), Arm(row[2], row[4], row[6]), Difference.Absolute);

    private static MetricArm Arm(double count, double mean, double variance) =>
        MetricArm.OfMean(new Moments(count, count * mean, (Math.Max(0, count - 1) * variance) + (count * mean * mean)));

    private void Add(Dictionary<string, List<double[]>> streams, string name, double[] numbers, long line)
    {
        if (!streams.TryGetValue(name, out var rows))
        {
            streams[name] = rows = [];
        }

        if (rows.Count > 0 && (numbers[1] < rows[^1][1] || numbers[2] < rows[^1][2]))
        {
            Warn(ref _backwards, $"line {line}: {name} has fewer people than before.");
        }

        rows.Add(numbers);
    }

    private static double[]? Numbers(List<string> row, int[] columns)
    {
        var numbers = new double[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            if (!double.TryParse(Cell(row, columns[i]), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    private static string Cell(List<string> row, int column) => column < row.Count ? row[column] : "";

    private static int Column(List<string> header, string name) => header.IndexOf(name) is >= 0 and var column
        ? column
        : throw new UserError($"The file has no column {name}; it has {string.Join(", ", header)}.");

    private void Warn(ref int count, string message)
    {
        if (++count <= MostWarnings)
        {
            warnings.WriteLine(message);
        }
    }

    private void Summarise(int count, string what)
    {
        if (count > MostWarnings)
        {
            warnings.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}."));
        }
    }
}
