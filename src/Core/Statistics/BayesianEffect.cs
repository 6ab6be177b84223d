namespace Personalization.Core.Statistics;

/// <summary>What is believed of an effect before any data: normal with a mean and a variance.</summary>
/// <remarks>Priors are about relative effects, which are alike from metric to metric; <see cref="Of"/> gives the one of an absolute effect.</remarks>
/// <param name="Mean">The effect expected.</param>
/// <param name="Variance">How sure; above 0. Infinite for a prior that says nothing.</param>
public readonly record struct EffectPrior(double Mean, double Variance)
{
    /// <summary>The prior that says nothing: the posterior is the likelihood.</summary>
    public static readonly EffectPrior Flat = new(0, double.PositiveInfinity);

    /// <summary>Gives the prior of the absolute effect on a metric, from this one of the relative effect.</summary>
    public EffectPrior Of(MetricArm control) => new(Mean * Math.Abs(control.PlainMean), Variance * control.PlainMean * control.PlainMean);
}

/// <summary>What is believed of an effect after the data.</summary>
/// <remarks>
/// A normal likelihood times a normal prior. Looking at it often does not change what it says, but deciding by it whenever it looks good
/// does raise the share of wrong decisions: it is no protection against peeking.
/// </remarks>
/// <param name="Mean">The posterior mean.</param>
/// <param name="Deviation">The posterior standard deviation.</param>
/// <param name="Lower">The lower end of the credible interval.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="ChanceToWin">The probability that the treatment is better.</param>
/// <param name="RiskOfControl">What is lost on average by keeping the control.</param>
/// <param name="RiskOfTreatment">What is lost on average by taking the treatment.</param>
public readonly record struct BayesianEffect(
    double Mean, double Deviation, double Lower, double Upper, double ChanceToWin, double RiskOfControl, double RiskOfTreatment)
{
    /// <summary>Updates a prior with a difference.</summary>
    /// <param name="contrast">The difference.</param>
    /// <param name="prior">What was believed before.</param>
    /// <param name="alpha">One minus the probability of the interval.</param>
    /// <param name="lowerIsBetter">Whether a negative difference is the better one.</param>
    public static BayesianEffect Of(Contrast contrast, EffectPrior prior, double alpha, bool lowerIsBetter = false)
    {
        var (mean, deviation) = Posterior(contrast, prior);
        if (!(deviation > 0))
        {
            return new BayesianEffect(mean, 0, double.NegativeInfinity, double.PositiveInfinity, 0.5, 0, 0);
        }

        var width = StandardNormal.Critical(alpha) * deviation;
        var above = StandardNormal.Below(mean / deviation);
        var (control, treatment) = Risks(mean, deviation);
        return lowerIsBetter
            ? new BayesianEffect(mean, deviation, mean - width, mean + width, StandardNormal.Above(mean / deviation), treatment, control)
            : new BayesianEffect(mean, deviation, mean - width, mean + width, above, control, treatment);
    }

    /// <summary>The expected losses of a wrong choice: E[max(d, 0)] for the control, E[max(−d, 0)] for the treatment.</summary>
    public static (double Control, double Treatment) Risks(double mean, double deviation)
    {
        var z = mean / deviation;
        var density = deviation * StandardNormal.Density(z);
        return (Math.Max(0, (mean * StandardNormal.Below(z)) + density), Math.Max(0, density - (mean * StandardNormal.Above(z))));
    }

    private static (double Mean, double Deviation) Posterior(Contrast contrast, EffectPrior prior)
    {
        if (!contrast.IsTestable)
        {
            return double.IsInfinity(prior.Variance) ? (0, 0) : (prior.Mean, Math.Sqrt(prior.Variance));
        }

        var data = 1 / (contrast.StandardError * contrast.StandardError);
        var before = 1 / prior.Variance;
        var precision = data + before;
        return (((data * contrast.Estimate) + (before * prior.Mean)) / precision, Math.Sqrt(1 / precision));
    }
}
