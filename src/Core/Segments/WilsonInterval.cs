namespace Personalization.Core.Segments;

/// <summary>The score interval of a proportion, which is right for small counts and near 0 and 1 too.</summary>
/// <remarks>E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), equation for p.</remarks>
public static class WilsonInterval
{
    // The 0.975 quantile of the standard normal distribution: 95 % confidence.
    private const double Z = 1.959963984540054;

    /// <summary>Gives lower and upper end, from 0 to 1.</summary>
    /// <param name="successes">How many of the trials succeeded.</param>
    /// <param name="n">How many trials; where there were none, anything is possible.</param>
    public static (double Low, double High) Of(long successes, long n)
    {
        if (n == 0)
        {
            return (0, 1);
        }

        var p = (double)successes / n;
        var z2 = Z * Z;
        var centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = Z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4.0 * n * n)));
        return (successes == 0 ? 0 : centre - half, successes == n ? 1 : centre + half);
    }
}
