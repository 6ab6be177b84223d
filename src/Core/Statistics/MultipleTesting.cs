namespace Personalization.Core.Statistics;

/// <summary>How p-values of several metrics or variants are corrected for being several.</summary>
public enum Correction
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Bonferroni: times their number. Family-wise error.</summary>
    Bonferroni,

    /// <summary>Šidák 1967: 1 − (1 − p)ᵐ. Family-wise error of independent tests.</summary>
    Sidak,

    /// <summary>Holm 1979, stepping down. Family-wise error, never weaker than Bonferroni.</summary>
    Holm,

    /// <summary>Holm with Šidák's steps.</summary>
    HolmSidak,

    /// <summary>Hochberg 1988, stepping up by Simes' inequality. Family-wise error of independent tests.</summary>
    Hochberg,

    /// <summary>Hommel 1988. Family-wise error of independent tests, the strongest of these.</summary>
    Hommel,

    /// <summary>Benjamini and Hochberg 1995. The expected share of false among the discoveries.</summary>
    BenjaminiHochberg,

    /// <summary>Benjamini and Yekutieli 2001: the same however the tests depend on one another.</summary>
    BenjaminiYekutieli,
}

/// <summary>Corrects p-values for being several.</summary>
public static class MultipleTesting
{
    /// <summary>Gives adjusted p-values, in the order of the input.</summary>
    public static double[] Adjust(IReadOnlyList<double> values, Correction correction)
    {
        var count = values.Count;
        var order = Enumerable.Range(0, count).OrderBy(i => values[i]).ToArray();
        var sorted = order.Select(i => values[i]).ToArray();
        var adjusted = correction switch
        {
            Correction.Bonferroni => Array.ConvertAll(sorted, p => p * count),
            Correction.Sidak => Array.ConvertAll(sorted, p => Sidak(p, count)),
            Correction.Holm => StepDown(sorted, (p, rank) => p * (count - rank)),
            Correction.HolmSidak => StepDown(sorted, (p, rank) => Sidak(p, count - rank)),
            Correction.Hochberg => StepUp(sorted, (p, rank) => p * (count - rank)),
            Correction.Hommel => Hommel(sorted),
            Correction.BenjaminiHochberg => StepUp(sorted, (p, rank) => p * count / (rank + 1)),
            Correction.BenjaminiYekutieli => StepUp(sorted, (p, rank) => p * count / (rank + 1) * Enumerable.Range(1, count).Sum(k => 1.0 / k)),
            _ => sorted,
        };
        var result = new double[count];
        for (var i = 0; i < count; i++)
        {
            result[order[i]] = Math.Min(1, adjusted[i]);
        }

        return result;
    }

    /// <summary>Gives the interval that says the same as an adjusted p-value: it just touches 0 where p is the level.</summary>
    public static (double Lower, double Upper) Interval(double estimate, double adjusted, double alpha)
    {
        var width = Math.Abs(estimate) * StandardNormal.Critical(alpha) / StandardNormal.Critical(adjusted);
        return (estimate - width, estimate + width);
    }

    // 1 − (1 − p)ᵐ, also where p is tiny.
    private static double Sidak(double p, int count) => p < 1 ? -Math.Exp(count * Log1P(-p)) + 1 : 1;

    private static double Log1P(double x) => Math.Abs(x) < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    private static double[] StepDown(double[] sorted, Func<double, int, double> step)
    {
        var most = 0.0;
        var adjusted = new double[sorted.Length];
        for (var rank = 0; rank < sorted.Length; rank++)
        {
            adjusted[rank] = most = Math.Max(most, step(sorted[rank], rank));
        }

        return adjusted;
    }

    private static double[] StepUp(double[] sorted, Func<double, int, double> step)
    {
        var least = double.PositiveInfinity;
        var adjusted = new double[sorted.Length];
        for (var rank = sorted.Length - 1; rank >= 0; rank--)
        {
            adjusted[rank] = least = Math.Min(least, step(sorted[rank], rank));
        }

        return adjusted;
    }

    // Wright 1992, "Adjusted p-values for simultaneous inference", the algorithm of appendix 2.
    private static double[] Hommel(double[] sorted)
    {
        var count = sorted.Length;
        var adjusted = sorted.ToArray();
        for (var m = count; m > 1; m--)
        {
            var least = double.PositiveInfinity;
            for (var i = 0; i < m; i++)
            {
                least = Math.Min(least, m * sorted[count - m + i] / (1 + i));
            }

            for (var i = count - m; i < count; i++)
            {
                adjusted[i] = Math.Max(adjusted[i], least);
            }

            for (var i = 0; i < count - m; i++)
            {
                adjusted[i] = Math.Max(adjusted[i], Math.Min(least, m * sorted[i]));
            }
        }

        return adjusted;
    }
}
