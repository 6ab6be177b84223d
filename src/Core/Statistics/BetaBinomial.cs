using MathNet.Numerics.Distributions;

namespace Personalization.Core.Statistics;

/// <summary>What is believed of the difference of two proportions: independent Beta posteriors, exact also for a handful of conversions.</summary>
/// <remarks>The default prior is Jeffreys', Beta(½, ½).</remarks>
public static class BetaBinomial
{
    /// <summary>Updates the prior with counts.</summary>
    /// <param name="controlCount">How many people the control has.</param>
    /// <param name="controlSuccesses">How many of them converted.</param>
    /// <param name="count">The same of the treatment.</param>
    /// <param name="successes">The same of the treatment.</param>
    /// <param name="alpha">One minus the probability of the interval.</param>
    /// <param name="prior">The parameter of the symmetric Beta prior, above 0.</param>
    public static BayesianEffect Difference(
        double controlCount, double controlSuccesses, double count, double successes, double alpha, double prior = 0.5)
    {
        var control = new Beta(prior + controlSuccesses, prior + controlCount - controlSuccesses);
        var treatment = new Beta(prior + successes, prior + count - successes);
        var mean = treatment.Mean - control.Mean;
        var gain = Over(control, p => Gain(treatment, p));
        return new BayesianEffect(
            mean,
            Math.Sqrt(control.Variance + treatment.Variance),
            Roots.Bisect(d => Below(d) - (alpha / 2), -1, 1),
            Roots.Bisect(d => Below(d) - (1 - (alpha / 2)), -1, 1),
            1 - Below(0),
            gain,
            gain - mean);

        double Below(double difference) => Over(control, p => treatment.CumulativeDistribution(Math.Clamp(p + difference, 0, 1)));
    }

    // E[max(q − p, 0)] for a fixed p: E[q; q > p] − p P(q > p), where q·density(q; a, b) is a/(a+b)·density(q; a+1, b).
    private static double Gain(Beta treatment, double p) =>
        (treatment.Mean * (1 - Beta.CDF(treatment.A + 1, treatment.B, p))) - (p * (1 - treatment.CumulativeDistribution(p)));

    // The posterior is narrow when there are many people: only where it has mass is it worth looking.
    private static double Over(Beta posterior, Func<double, double> function)
    {
        var reach = 10 * posterior.StdDev;
        return Quadrature.Integrate(
            p => posterior.Density(p) * function(p), Math.Max(1e-12, posterior.Mean - reach), Math.Min(1 - 1e-12, posterior.Mean + reach));
    }
}
