using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Personalization.Core.Statistics;

/// <summary>The standard normal distribution, exact in both tails.</summary>
internal static class StandardNormal
{
    private static readonly double RootTwoPi = Math.Sqrt(2 * Math.PI);

    public static double Density(double z) => Math.Exp(-z * z / 2) / RootTwoPi;

    /// <summary>Φ(z).</summary>
    public static double Below(double z) => SpecialFunctions.Erfc(-z / Constants.Sqrt2) / 2;

    /// <summary>1 − Φ(z), without the loss of digits that the subtraction has.</summary>
    public static double Above(double z) => SpecialFunctions.Erfc(z / Constants.Sqrt2) / 2;

    /// <summary>Φ⁻¹(p).</summary>
    public static double Quantile(double p) => Normal.InvCDF(0, 1, p);

    /// <summary>The z that a two-sided test at level <paramref name="alpha"/> must reach.</summary>
    public static double Critical(double alpha) => -Quantile(alpha / 2);
}
