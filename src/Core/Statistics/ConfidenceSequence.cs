namespace Personalization.Core.Statistics;

/// <summary>An interval that holds at every look at once, so that anybody may look whenever they like and stop when they like.</summary>
/// <remarks>
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, "Time-uniform central limit theory and asymptotic confidence sequences"
/// (arXiv 2103.06476), equations 14 and 161; the form of gbstats. The tuning is the number of units at which it is tightest.
/// </remarks>
public static class ConfidenceSequence
{
    // What gbstats caps one-sided p-values at: beyond it the one-sided mixture says nothing.
    private const double MostOneSided = 0.4999;

    /// <summary>Tests a difference.</summary>
    /// <param name="contrast">The difference so far.</param>
    /// <param name="alpha">The share of null differences that are ever called real, in (0, 0.5).</param>
    /// <param name="tuning">The number of units, of both arms, at which the interval is to be tightest.</param>
    /// <param name="alternative">What is looked for.</param>
    public static Effect Test(Contrast contrast, double alpha, double tuning, Alternative alternative = Alternative.TwoSided)
    {
        if (!contrast.IsTestable)
        {
            return Effect.Unknown(contrast.Estimate);
        }

        var isTwoSided = alternative == Alternative.TwoSided;
        var width = contrast.StandardError * (isTwoSided ? Critical(contrast.Count, alpha, tuning) : OneSidedCritical(contrast.Count, alpha, tuning));
        var p = alternative switch
        {
            Alternative.TwoSided => PValue(contrast, alpha, tuning),
            Alternative.Greater => OneSidedPValue(contrast.Estimate / contrast.StandardError, contrast.Count, alpha, tuning),
            _ => OneSidedPValue(-contrast.Estimate / contrast.StandardError, contrast.Count, alpha, tuning),
        };
        return new Effect(
            contrast.Estimate,
            alternative == Alternative.Less ? double.NegativeInfinity : contrast.Estimate - width,
            alternative == Alternative.Greater ? double.PositiveInfinity : contrast.Estimate + width,
            contrast.StandardError,
            p);
    }

    /// <summary>Gives the mixture's parameter ρ that makes the interval tightest at a number of units.</summary>
    public static double Rho(double alpha, double tuning)
    {
        var a = -2 * Math.Log(alpha);
        return Math.Sqrt((a + Math.Log(a + 1)) / tuning);
    }

    /// <summary>Gives how many standard errors wide the two-sided interval is to either side.</summary>
    public static double Critical(double count, double alpha, double tuning)
    {
        var x = Mixture(count, Rho(alpha, tuning));
        return Math.Sqrt(2 * (x + 1) * Math.Log(Math.Sqrt(x + 1) / alpha) / x);
    }

    /// <summary>Gives how many standard errors the open interval of a one-sided test reaches beyond the estimate.</summary>
    public static double OneSidedCritical(double count, double alpha, double tuning)
    {
        var x = Mixture(count, Rho(2 * alpha, tuning));
        return Math.Sqrt(2 * (x + 1) * Math.Log(1 + (Math.Sqrt(x + 1) / (2 * alpha))) / x);
    }

    private static double PValue(Contrast contrast, double alpha, double tuning)
    {
        var x = Mixture(contrast.Count, Rho(alpha, tuning));
        var z = contrast.Estimate / contrast.StandardError;
        var evidence = (x * z * z / (2 * (x + 1))) - (Math.Log(x + 1) / 2);
        return Math.Min(1, Math.Exp(-evidence));
    }

    /// <summary>The level whose one-sided interval, of the same mixture, ends just at zero.</summary>
    private static double OneSidedPValue(double z, double count, double alpha, double tuning)
    {
        var x = Mixture(count, Rho(2 * alpha, tuning));
        var evidence = Math.Exp(x * z * z / (2 * (x + 1))) - 1;
        return z <= 0 ? MostOneSided : Math.Min(MostOneSided, Math.Sqrt(x + 1) / (2 * evidence));
    }

    private static double Mixture(double count, double rho) => count * rho * rho;
}
