using MathNet.Numerics.Distributions;

namespace Personalization.Core.Statistics;

/// <summary>The t-test for two samples of unlike variance, looked at once, at a size that was planned.</summary>
/// <remarks>Welch 1947, "The generalization of Student's problem when several different population variances are involved".</remarks>
public static class WelchTest
{
    /// <summary>Tests a difference.</summary>
    /// <param name="contrast">The difference.</param>
    /// <param name="alpha">The level: the share of null differences that are called real, in (0, 1).</param>
    /// <param name="alternative">What is looked for.</param>
    public static Effect Test(Contrast contrast, double alpha, Alternative alternative = Alternative.TwoSided)
    {
        if (!contrast.IsTestable)
        {
            return Effect.Unknown(contrast.Estimate);
        }

        var t = contrast.Estimate / contrast.StandardError;
        var tail = alternative == Alternative.TwoSided ? alpha / 2 : alpha;
        var width = Quantile(1 - tail, contrast.DegreesOfFreedom) * contrast.StandardError;
        var p = alternative switch
        {
            Alternative.TwoSided => 2 * Below(-Math.Abs(t), contrast.DegreesOfFreedom),
            Alternative.Greater => Below(-t, contrast.DegreesOfFreedom),
            _ => Below(t, contrast.DegreesOfFreedom),
        };
        return new Effect(
            contrast.Estimate,
            alternative == Alternative.Less ? double.NegativeInfinity : contrast.Estimate - width,
            alternative == Alternative.Greater ? double.PositiveInfinity : contrast.Estimate + width,
            contrast.StandardError,
            p);
    }

    private static double Below(double t, double freedom) =>
        double.IsInfinity(freedom) ? StandardNormal.Below(t) : StudentT.CDF(0, 1, freedom, t);

    private static double Quantile(double p, double freedom) =>
        double.IsInfinity(freedom) ? StandardNormal.Quantile(p) : StudentT.InvCDF(0, 1, freedom, p);
}
