using System.Text.Json;
using Personalization.Core.Statistics;

namespace Personalization.Core.Tests.Statistics;

/// <summary>The cases of <c>stats_cases.json</c>: GrowthBook's gbstats, spotify/confidence, confseq, and oracles over them.</summary>
internal static class PublishedCases
{
    public const string File = "vectors/stats_cases.json";

    /// <summary>Runs every case of a group for which something is computed, and tells each figure that is not the published one.</summary>
    public static void Check(string group, int count, Func<JsonElement, string, IReadOnlyDictionary<string, double[]>?> compute)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(SharedFolder.FilePath(File)));
        var cases = document.RootElement.GetProperty("groups").EnumerateArray()
            .Single(entry => entry.GetProperty("group").GetString() == group).GetProperty("cases").EnumerateArray().ToArray();
        var wrong = new List<string>();
        var figures = 0;
        foreach (var entry in cases)
        {
            if (compute(entry.GetProperty("inputs"), entry.GetProperty("test").GetString()!) is not { } actual)
            {
                wrong.Add($"{Id(entry)}: nothing computed");
                continue;
            }

            foreach (var (name, numbers) in actual)
            {
                if (!Expected(entry, name, out var expected))
                {
                    continue;
                }

                figures++;
                if (expected.Length != numbers.Length || !expected.Zip(numbers).All(pair => IsNear(entry, pair.First, pair.Second)))
                {
                    wrong.Add($"{Id(entry)} {name}: {string.Join(' ', expected)} expected, {string.Join(' ', numbers)} computed");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.Equal(count, cases.Length);
        Assert.True(figures >= count, $"Only {figures} figures of {count} cases were compared.");
    }

    public static Contrast Contrast(JsonElement inputs) => Core.Statistics.Contrast.Of(
        Arms(inputs).Control, Arms(inputs).Treatment, inputs.GetProperty("difference").GetString() == "relative" ? Difference.Relative : Difference.Absolute);

    public static Dictionary<string, double[]> Figures(Effect effect) => new()
    {
        ["expected"] = [effect.Estimate],
        ["difference"] = [effect.Estimate],
        ["ci"] = [effect.Lower, effect.Upper],
        ["p_value"] = [effect.PValue],
        ["stderr"] = [effect.StandardError],
    };

    public static double Number(this JsonElement inputs, string name) => inputs.GetProperty(name).GetDouble();

    public static double[] Numbers(this JsonElement inputs, string name) =>
        [.. inputs.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    public static Moments Moments(JsonElement sums) => new(sums.Number("n"), sums.Number("sum"), sums.Number("sum_squares"));

    public static (MetricArm Control, MetricArm Treatment) Arms(JsonElement inputs)
    {
        var (control, treatment) = (inputs.GetProperty("control"), inputs.GetProperty("treatment"));
        return control.GetProperty("type").GetString() switch
        {
            "mean_cuped" => RegressionAdjustment.Adjust(Regression(control), Regression(treatment)),
            "ratio_cuped" => RegressionAdjustment.Adjust(Ratio(control), Ratio(treatment)),
            _ => (Plain(control), Plain(treatment)),
        };
    }

    private static MetricArm Plain(JsonElement arm) => arm.GetProperty("type").GetString() switch
    {
        "proportion" => MetricArm.OfProportion(arm.Number("n"), arm.Number("sum")),
        "quantile" => MetricArm.OfQuantile(arm.Number("n"), arm.Number("quantile_hat"), arm.Number("quantile_lower"), arm.Number("quantile_upper")),
        _ => MetricArm.OfMean(Moments(arm)),
    };

    private static RegressionSums Regression(JsonElement arm)
    {
        var (after, before) = (arm.GetProperty("post"), arm.GetProperty("pre"));
        return after.GetProperty("type").GetString() == "proportion"
            ? new RegressionSums(Zeros(after), Zeros(before), arm.Number("post_pre_sum_of_products"), IsProportion: true)
            : new RegressionSums(Moments(after), Moments(before), arm.Number("post_pre_sum_of_products"));
    }

    private static Moments Zeros(JsonElement share) => new(share.Number("n"), share.Number("sum"), share.Number("sum"));

    private static RatioRegressionSums Ratio(JsonElement arm) => new()
    {
        Numerator = Moments(arm.GetProperty("m_post")),
        Denominator = Moments(arm.GetProperty("d_post")),
        NumeratorBefore = Moments(arm.GetProperty("m_pre")),
        DenominatorBefore = Moments(arm.GetProperty("d_pre")),
        Products = arm.Number("m_post_d_post_sum_of_products"),
        ProductsBefore = arm.Number("m_pre_d_pre_sum_of_products"),
        NumeratorNumerator = arm.Number("m_post_m_pre_sum_of_products"),
        DenominatorDenominator = arm.Number("d_post_d_pre_sum_of_products"),
        NumeratorDenominator = arm.Number("m_post_d_pre_sum_of_products"),
        DenominatorNumerator = arm.Number("m_pre_d_post_sum_of_products"),
    };

    private static string Id(JsonElement entry) => entry.GetProperty("id").GetString()!;

    private static bool Expected(JsonElement entry, string name, out double[] numbers)
    {
        numbers = [];
        if (!entry.GetProperty("expected").TryGetProperty(name, out var found))
        {
            return false;
        }

        numbers = found.ValueKind == JsonValueKind.Array ? [.. found.EnumerateArray().Select(Read)] : [Read(found)];
        return true;
    }

    private static double Read(JsonElement number) => number.ValueKind == JsonValueKind.Number
        ? number.GetDouble()
        : number.GetString() == "inf" ? double.PositiveInfinity : double.NegativeInfinity;

    private static bool IsNear(JsonElement entry, double expected, double actual)
    {
        // Figures above 1 are published with as many digits in all as those below it, so there the tolerance is a share.
        var tolerance = entry.TryGetProperty("tol", out var absolute)
            ? absolute.GetDouble() * Math.Max(1, Math.Abs(expected))
            : entry.Number("rel_tol") * Math.Abs(expected);
        return expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance;
    }
}
