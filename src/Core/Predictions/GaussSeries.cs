namespace Personalization.Core.Predictions;

/// <summary>Gauss' hypergeometric series, which the library of numerics lacks for arguments that are no whole numbers.</summary>
public static class GaussSeries
{
    private const int MostTerms = 100_000;

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
