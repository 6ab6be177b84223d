using MathNet.Numerics;

namespace Personalization.Core.Statistics;

/// <summary>Curves that a sum of null increments crosses, ever, with probability at most α.</summary>
/// <remarks>
/// Howard, Ramdas, McAuliffe and Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences" (Annals of Statistics 49),
/// and Howard et al. 2020, "Time-uniform Chernoff bounds via nonnegative supermartingales". The sum is s, its intrinsic time v, the
/// threshold ln(1/α). Johari et al.'s mSPRT is the two-sided normal mixture.
/// </remarks>
public abstract class UniformBoundary
{
    /// <summary>Gives ln of the mixture supermartingale: 1/α is reached by at most a share α of null sums.</summary>
    public abstract double LogEvidence(double sum, double time);

    /// <summary>Gives the smallest sum at which the evidence reaches a threshold.</summary>
    /// <param name="time">The intrinsic time, above 0.</param>
    /// <param name="logThreshold">ln(1/α).</param>
    public virtual double Bound(double time, double logThreshold) =>
        Roots.Above(sum => LogEvidence(sum, time) - logThreshold, 0, Math.Sqrt(time) + 1);

    /// <summary>The two-sided mixture over normal means, tightest at a time.</summary>
    public static UniformBoundary NormalMixture(double bestTime, double alpha) => new TwoSidedNormal(Rho(bestTime, alpha));

    /// <summary>The two-sided mixture over normal means with a standard deviation τ: Johari, Pekelis and Walsh's mSPRT.</summary>
    /// <remarks>Of a difference d with squared error e the sum is d / e and the time 1 / e.</remarks>
    public static UniformBoundary NormalMixture(double deviation) => new TwoSidedNormal(1 / (deviation * deviation));

    /// <summary>The one-sided mixture over normal means, tightest at a time.</summary>
    public static UniformBoundary OneSidedNormalMixture(double bestTime, double alpha) => new OneSidedNormal(Rho(bestTime, 2 * alpha));

    /// <summary>The one-sided mixture for counts: sub-Poisson increments of scale <paramref name="scale"/>.</summary>
    public static UniformBoundary GammaPoisson(double bestTime, double alpha, double scale) => new Poisson(Rho(bestTime, 2 * alpha), scale);

    /// <summary>The two-sided mixture for increments between −<paramref name="below"/> and <paramref name="above"/>.</summary>
    public static UniformBoundary BetaBinomial(double bestTime, double alpha, double below, double above) =>
        new Bernoulli(Math.Max(Rho(bestTime, alpha) - (below * above), 1e-3 * below * above), below, above);

    /// <summary>The polynomial stitched bound, which needs no mixture: within a factor of the law of the iterated logarithm.</summary>
    /// <param name="time">The intrinsic time.</param>
    /// <param name="alpha">The share of null sums that ever cross.</param>
    /// <param name="earliest">The time from which it is meant to be tight, above 0.</param>
    /// <param name="scale">The scale c of sub-gamma increments; may be negative.</param>
    /// <param name="s">The exponent of the stitching, above 1.</param>
    /// <param name="eta">The ratio of epochs, above 1.</param>
    public static double Stitched(double time, double alpha, double earliest, double scale, double s = 1.4, double eta = 2)
    {
        var v = Math.Max(time, earliest);
        var k1 = (Math.Pow(eta, 0.25) + Math.Pow(eta, -0.25)) / Constants.Sqrt2;
        var k2 = (Math.Sqrt(eta) + 1) / 2;
        var l = (s * Math.Log(Math.Log(eta * v / earliest))) + Math.Log(Zeta(s) / (alpha * Math.Pow(Math.Log(eta), s)));
        var linear = k2 * scale * l;
        return Math.Sqrt((k1 * k1 * v * l) + (linear * linear)) + linear;
    }

    private static double Rho(double bestTime, double alpha)
    {
        var a = -2 * Math.Log(alpha);
        return bestTime / (a + Math.Log(1 + a));
    }

    // Riemann's ζ by Euler and Maclaurin's summation.
    private static double Zeta(double s)
    {
        const int N = 20;
        var sum = 0.0;
        for (var k = 1; k < N; k++)
        {
            sum += Math.Pow(k, -s);
        }

        return sum + (Math.Pow(N, 1 - s) / (s - 1)) + (Math.Pow(N, -s) / 2) + (s * Math.Pow(N, -s - 1) / 12)
            - (s * (s + 1) * (s + 2) * Math.Pow(N, -s - 3) / 720);
    }

    private sealed class TwoSidedNormal(double rho) : UniformBoundary
    {
        public override double LogEvidence(double sum, double time) =>
            (Math.Log(rho / (time + rho)) / 2) + (sum * sum / (2 * (time + rho)));

        public override double Bound(double time, double logThreshold) =>
            Math.Sqrt((time + rho) * (Math.Log(1 + (time / rho)) + (2 * logThreshold)));
    }

    private sealed class OneSidedNormal(double rho) : UniformBoundary
    {
        public override double LogEvidence(double sum, double time) =>
            (Math.Log(4 * rho / (time + rho)) / 2) + (sum * sum / (2 * (time + rho)))
            + Math.Log(StandardNormal.Below(sum / Math.Sqrt(time + rho)));
    }

    // The mixture over exp(cλ) ≥ 1 with a Gamma density of shape and rate ρ/c², cut off at 1.
    private sealed class Poisson(double rho, double scale) : UniformBoundary
    {
        private readonly double _a = rho / (scale * scale);

        public override double LogEvidence(double sum, double time)
        {
            var rate = (time + rho) / (scale * scale);
            var shape = (sum / scale) + rate;
            return (_a * Math.Log(_a)) - LogUpper(_a, _a) + (time / (scale * scale)) + LogUpper(shape, rate) - (shape * Math.Log(rate));
        }

        private static double LogUpper(double shape, double from) =>
            SpecialFunctions.GammaLn(shape) + Math.Log(SpecialFunctions.GammaUpperRegularized(shape, from));
    }

    // The Beta mixture over the tilted probability of the upper value, with as many prior trials as make its time r.
    private sealed class Bernoulli(double r, double below, double above) : UniformBoundary
    {
        public override double LogEvidence(double sum, double time)
        {
            var range = below + above;
            var (a, b) = (r / (above * range), r / (below * range));
            var (ups, downs) = ((sum + (time / above)) / range, ((time / below) - sum) / range);
            if (ups < 0 || downs < 0)
            {
                return double.PositiveInfinity;
            }

            return SpecialFunctions.BetaLn(a + ups, b + downs) - SpecialFunctions.BetaLn(a, b)
                - (ups * Math.Log(below / range)) - (downs * Math.Log(above / range));
        }
    }
}
