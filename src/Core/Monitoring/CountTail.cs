using static MathNet.Numerics.SpecialFunctions;

namespace Personalization.Core.Monitoring;

/// <summary>How unlikely a count is: the tails of the negative binomial distribution, which is Poisson's without over-dispersion.</summary>
internal static class CountTail
{
    /// <summary>Gives the smaller of P(X ≤ n) and P(X ≥ n).</summary>
    /// <param name="n">The count.</param>
    /// <param name="mean">λ, above 0.</param>
    /// <param name="dispersion">φ: the variance is λ + φλ².</param>
    public static double Of(long n, double mean, double dispersion)
    {
        // The term of n, and the terms beyond it on its own side of the mean, each made from the one before; they fall like a geometric
        // series or faster, so few are needed.
        var term = Math.Exp(LogTerm(n, mean, dispersion));
        double sum = 0;
        if (n >= mean)
        {
            for (var k = n; term > sum * 1e-12; k++)
            {
                sum += term;
                term *= mean * (1 + (dispersion * k)) / ((k + 1) * (1 + (dispersion * mean)));
            }

            return sum;
        }

        for (var k = n; k >= 0 && term > sum * 1e-12; k--)
        {
            sum += term;
            term *= k == 0 ? 0 : k * (1 + (dispersion * mean)) / (mean * (1 + (dispersion * (k - 1))));
        }

        return sum;
    }

    private static double LogTerm(long n, double mean, double dispersion)
    {
        if (dispersion < 1e-9)
        {
            return (n * Math.Log(mean)) - mean - GammaLn(n + 1);
        }

        var size = 1 / dispersion;
        return GammaLn(n + size) - GammaLn(size) - GammaLn(n + 1)
            - (size * Math.Log(1 + (dispersion * mean))) + (n * (Math.Log(dispersion * mean) - Math.Log(1 + (dispersion * mean))));
    }
}
