using System.Globalization;
using System.IO.Compression;
using Personalization.Core.Statistics;

namespace Personalization.Core.Tests.Statistics;

/// <summary>The 39 real experiments of ASOS (Liu et al. 2021), whose counts of significant results are in the data's README.</summary>
public sealed class AsosTests
{
    private const string Data = "data/asos/asos_A.csv.gz";
    private const double Alpha = 0.05;

    [SharedFact(Data)]
    public void Two_hundred_real_streams_come_out_as_published()
    {
        var streams = Streams();
        var last = streams.Select(stream => WelchTest.Test(stream[^1].Contrast, Alpha).PValue).ToArray();

        Assert.Equal(200, streams.Count);
        Assert.InRange(last.Count(p => p < Alpha), 40, 44);
        Assert.InRange(streams.Count(stream => stream.Any(point => WelchTest.Test(point.Contrast, Alpha).PValue < Alpha)), 110, 114);
        Assert.InRange(streams.Count(stream => IsEverCalled(stream)), 28, 32);
        Assert.InRange(MultipleTesting.Adjust(last, Correction.BenjaminiHochberg).Count(p => p <= Alpha), 18, 22);
        Assert.InRange(MultipleTesting.Adjust(last, Correction.Holm).Count(p => p <= Alpha), 13, 17);
    }

    [SharedFact(Data)]
    public void A_null_replay_of_their_own_counts_and_variances_is_flagged_in_at_most_five_per_cent()
    {
        var random = new Random(20080401);
        const int Replays = 20;
        var streams = Streams();
        var (sequence, peeked) = (0, 0);
        for (var replay = 0; replay < Replays; replay++)
        {
            foreach (var stream in streams)
            {
                var null_ = Null(stream, random);
                var tuning = stream[^1].Contrast.Count;
                sequence += null_.Any(contrast => ConfidenceSequence.Test(contrast, Alpha, tuning).PValue <= Alpha) ? 1 : 0;
                peeked += null_.Any(contrast => WelchTest.Test(contrast, Alpha).PValue < Alpha) ? 1 : 0;
            }
        }

        var runs = (double)(Replays * streams.Count);
        Assert.InRange(sequence / runs, 0, 0.05);
        Assert.True(peeked / runs > 0.08, "Peeking at a fixed test would have been safe, so this replay shows nothing.");
    }

    private static bool IsEverCalled(Point[] stream)
    {
        var boundary = UniformBoundary.NormalMixture(0.01 * Math.Sqrt((stream[^1].ControlVariance + stream[^1].Variance) / 2));
        return stream.Any(point =>
        {
            var squared = point.Contrast.StandardError * point.Contrast.StandardError;
            return boundary.LogEvidence(point.Contrast.Estimate / squared, 1 / squared) >= Math.Log(1 / Alpha);
        });
    }

    // The same information at the same times, and no difference: independent increments of the score, as the real stream has them.
    private static Contrast[] Null(Point[] stream, Random random)
    {
        var (score, before) = (0.0, 0.0);
        var contrasts = new List<Contrast>();
        foreach (var point in stream)
        {
            var information = 1 / (point.Contrast.StandardError * point.Contrast.StandardError);
            if (information > before)
            {
                score += Math.Sqrt(information - before) * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
                before = information;
                contrasts.Add(point.Contrast with { Estimate = score / information });
            }
        }

        return [.. contrasts];
    }

    private static List<Point[]> Streams()
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(SharedFolder.FilePath(Data)), CompressionMode.Decompress));
        file.ReadLine();
        var rows = new List<(string Stream, double?[] Numbers)>();
        while (file.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            rows.Add((string.Join('/', cells[..3]), [.. cells[4..].Select(Number)]));
        }

        return [.. rows.GroupBy(row => row.Stream)
            .Select(stream => stream.Where(row => row.Numbers.All(number => number is not null))
                .Select(row => Point.Of([.. row.Numbers.Select(number => number!.Value)]))
                .Where(point => point.Contrast.IsTestable).ToArray())
            .Where(stream => stream.Length > 0)];
    }

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Point(Contrast Contrast, double ControlVariance, double Variance)
    {
        public static Point Of(double[] cells)
        {
            var (control, treatment) = (Arm(cells[0], cells[2], cells[4]), Arm(cells[1], cells[3], cells[5]));
            return new Point(Core.Statistics.Contrast.Of(control, treatment, Difference.Absolute), cells[4], cells[5]);
        }

        private static MetricArm Arm(double count, double mean, double variance) =>
            MetricArm.OfMean(new Moments(count, count * mean, ((count - 1) * variance) + (count * mean * mean)));
    }
}
