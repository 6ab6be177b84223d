namespace Personalization.Core.Predictions;

/// <summary>The functions of mathematics that the models of buying need and the framework lacks.</summary>
public static class SpecialFunctions
{
    private const int MostTerms = 100_000;

    // Lanczos' coefficients for g = 7, n = 9, as computed by P. Godfrey; the relative error is below 1e-14 for positive arguments.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>Gives ln Γ(x) of a positive number, by Lanczos' approximation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static double LogGamma(double x)
    {
        if (!(x > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "The logarithm of the gamma function is taken of positive numbers.");
        }

        if (x < 0.5)
        {
            // Reflection: Γ(x) Γ(1 - x) = π / sin(πx).
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }

        x--;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i);
        }

        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>Gives Gauss' hypergeometric function ₂F₁(a, b; c; z) for 0 ≤ z &lt; 1 and c &gt; 0, by its series (DLMF 15.2.1).</summary>
    /// <remarks>The number of terms grows with 1 / (1 - z). Callers transform so that the terms fall quickly (DLMF 15.8.1).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">z or c is outside its range.</exception>
    public static double Hypergeometric(double a, double b, double c, double z)
    {
        if (!(z is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(z), z, "The series is summed for 0 ≤ z < 1.");
        }

        if (!(c > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(c), c, "The series is summed for c > 0.");
        }

        double sum = 1, term = 1;
        for (var n = 0; n < MostTerms; n++)
        {
            term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            sum += term;
            if (Math.Abs(term) <= 1e-15 * Math.Abs(sum))
            {
                break;
            }
        }

        return sum;
    }
}
