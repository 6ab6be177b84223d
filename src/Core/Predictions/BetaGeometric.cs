using static MathNet.Numerics.SpecialFunctions;

namespace Personalization.Core.Predictions;

/// <summary>The BG/NBD model: how often customers buy while they are customers, and when they stop being any.</summary>
/// <remarks>
/// P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model, Marketing
/// Science 24(2), 2005. While active a customer orders at a rate that is Gamma(r, α) over customers; after each order they leave with a
/// probability that is Beta(a, b). All four are positive; α has the unit of time.
/// </remarks>
/// <param name="R">r, the shape of the rates.</param>
/// <param name="Alpha">α, the scale of the rates, in units of time.</param>
/// <param name="A">a, of the probability to leave.</param>
/// <param name="B">b, of the probability to leave.</param>
public sealed record BetaGeometric(double R, double Alpha, double A, double B)
{
    /// <summary>Gives the log-likelihood of one customer (eq. 6, as the authors' note on Excel splits it to stay within range).</summary>
    public double LogLikelihood(in CustomerHistory customer)
    {
        var x = customer.Repeats;
        var common = GammaLn(R + x) - GammaLn(R) + (R * Math.Log(Alpha))
            + GammaLn(A + B) + GammaLn(B + x) - GammaLn(B) - GammaLn(A + B + x);
        var stayed = -(R + x) * Math.Log(Alpha + customer.Age);
        if (x == 0)
        {
            return common + stayed;
        }

        var left = Math.Log(A) - Math.Log(B + x - 1) - ((R + x) * Math.Log(Alpha + customer.Recency));
        var most = Math.Max(stayed, left);
        return common + most + Math.Log(Math.Exp(stayed - most) + Math.Exp(left - most));
    }

    /// <summary>Gives the probability that a customer still is one (Fader and Hardie, note 021, 2008): 1 before the first repeat, by the model.</summary>
    public double ProbabilityAlive(in CustomerHistory customer) => 1 / (1 + OddsOfHavingLeft(customer));

    /// <summary>Gives how many orders a newcomer makes after the first within a time (eq. 9).</summary>
    public double ExpectedOrders(double time)
    {
        var (a, z) = (AwayFromOne(A), time / (Alpha + time));
        return (a + B - 1) / (a - 1) * Bracket(a, R, a + B - 1, z);
    }

    /// <summary>Gives how many orders a customer makes within a time from now (eq. 10).</summary>
    public double ExpectedOrders(in CustomerHistory customer, double time)
    {
        var x = customer.Repeats;
        var (a, z) = (AwayFromOne(A), time / (Alpha + customer.Age + time));
        return (a + B + x - 1) / (a - 1) * Bracket(a, R, a + B + x - 1, z) / (1 + OddsOfHavingLeft(customer));
    }

    // 1 - (1-z)^(r+x) ₂F₁(r+x, b+x; a+b+x-1; z). The series as published has ever larger terms for loyal customers; by Euler's
    // transformation it is (1-z)^(a-1) ₂F₁(a+b-1-r, a-1; a+b+x-1; z), whose terms fall.
    private double Bracket(double a, double r, double c, double z)
    {
        if (c <= 0)
        {
            // Only of newcomers, and only where a + b < 1: most leave at once. The integral is finite, its closed form is not; x = 0 then
            // is taken from just inside.
            c = 1e-9;
        }

        return 1 - (Math.Pow(1 - z, a - 1) * GaussSeries.Hypergeometric(a + B - 1 - r, a - 1, c, z));
    }

    private double OddsOfHavingLeft(in CustomerHistory customer)
    {
        var x = customer.Repeats;
        return x == 0 ? 0 : A / (B + x - 1) * Math.Pow((Alpha + customer.Age) / (Alpha + customer.Recency), R + x);
    }

    // At a = 1 the formula is 0/0, and its limit is within rounding of what lies beside it.
    private static double AwayFromOne(double a) => Math.Abs(a - 1) < 1e-6 ? 1 + 1e-6 : a;
}
