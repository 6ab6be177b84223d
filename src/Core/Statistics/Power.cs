namespace Personalization.Core.Statistics;

/// <summary>The baseline of a metric that an experiment is planned on.</summary>
/// <param name="Mean">What a person is worth now.</param>
/// <param name="Variance">The variance from person to person.</param>
/// <param name="IsProportion">Whether the mean is a share, whose variance follows from it: p(1 − p).</param>
public readonly record struct Baseline(double Mean, double Variance, bool IsProportion = false)
{
    /// <summary>The baseline of a conversion rate.</summary>
    public static Baseline OfProportion(double rate) => new(rate, rate * (1 - rate), true);

    internal double VarianceAfter(double effect)
    {
        var p = Mean * (1 + effect);
        return IsProportion ? Math.Max(0, p * (1 - p)) : Variance;
    }
}

/// <summary>How probable it is to find an effect, how large one must be to be found, and how many people that takes.</summary>
/// <remarks>
/// Effects are shares of the baseline, and their variance is the delta method's. The critical value says which test: a fixed one
/// (<see cref="Fixed"/>) or a confidence sequence at the last look (<see cref="Sequential"/>), exact also there.
/// </remarks>
public static class Power
{
    /// <summary>The critical value of a test looked at once, whatever its size.</summary>
    public static Func<double, double> Fixed(double alpha) => _ => StandardNormal.Critical(alpha);

    /// <summary>The critical value of a confidence sequence, which depends on how many units there are.</summary>
    public static Func<double, double> Sequential(double alpha, double tuning) => count => ConfidenceSequence.Critical(count, alpha, tuning);

    /// <summary>The probability that a two-sided z test finds a difference of <paramref name="z"/> standard errors.</summary>
    public static double OfZ(double z, double critical) => StandardNormal.Below(z - critical) + StandardNormal.Below(-z - critical);

    /// <summary>The probability to find an effect.</summary>
    /// <param name="baseline">The metric.</param>
    /// <param name="effect">The effect, as a share of the baseline.</param>
    /// <param name="control">How many people the control has.</param>
    /// <param name="treatment">How many people the treatment has.</param>
    /// <param name="critical">The critical value, by the number of people in both.</param>
    public static double OfEffect(Baseline baseline, double effect, double control, double treatment, Func<double, double> critical) =>
        OfZ(effect / Error(baseline, effect, control, treatment), critical(control + treatment));

    /// <summary>The smallest effect, as a share of the baseline, that is found with a probability. Infinite where none is.</summary>
    public static double SmallestEffect(Baseline baseline, double power, double control, double treatment, Func<double, double> critical)
    {
        // A share can't rise above 1.
        var most = baseline.IsProportion ? (1 / baseline.Mean) - 1 : double.PositiveInfinity;
        var found = Roots.Above(effect => OfEffect(baseline, effect, control, treatment, critical) - power, 0, Math.Min(0.01, most));
        return found <= most ? found : double.PositiveInfinity;
    }

    /// <summary>How many people an experiment needs in all to find an effect with a probability.</summary>
    /// <param name="baseline">The metric.</param>
    /// <param name="effect">The effect, as a share of the baseline.</param>
    /// <param name="power">The probability.</param>
    /// <param name="control">The share of people in the control.</param>
    /// <param name="treatment">The share of people in the treatment.</param>
    /// <param name="critical">The critical value, by the number of people in both.</param>
    public static double SampleSize(
        Baseline baseline, double effect, double power, double control, double treatment, Func<double, double> critical) =>
        Math.Ceiling(Roots.Above(
            total => OfEffect(baseline, effect, total * control, total * treatment, critical) - power, 1, 1000));

    /// <summary>How many people an experiment needs in all to find an absolute difference with a probability.</summary>
    /// <param name="difference">The difference, in the metric's unit.</param>
    /// <param name="controlVariance">The variance of a person of the control.</param>
    /// <param name="variance">The variance of a person of the treatment.</param>
    /// <param name="power">The probability.</param>
    /// <param name="control">The share of people in the control.</param>
    /// <param name="treatment">The share of people in the treatment.</param>
    /// <param name="critical">The critical value, by the number of people in both.</param>
    public static double SampleSizeOfDifference(
        double difference, double controlVariance, double variance, double power, double control, double treatment, Func<double, double> critical)
    {
        var unit = Math.Sqrt((controlVariance / control) + (variance / treatment));
        return Math.Ceiling(Roots.Above(
            total => OfZ(difference * Math.Sqrt(total) / unit, critical(total * (control + treatment))) - power, 1, 1000));
    }

    /// <summary>How many times as many people a running experiment needs for an effect to be found with a probability.</summary>
    /// <param name="contrast">The difference now, whose standard error shrinks with the root of the number of people.</param>
    /// <param name="effect">The effect to be found.</param>
    /// <param name="power">The probability.</param>
    /// <param name="critical">The critical value, by the number of people in both.</param>
    public static double ScalingFactor(Contrast contrast, double effect, double power, Func<double, double> critical) => Roots.Above(
        factor => OfZ(effect * Math.Sqrt(factor) / contrast.StandardError, critical(contrast.Count * factor)) - power, 1, 2);

    /// <summary>The same for a credible interval: the probability that it leaves out 0.</summary>
    public static double BayesianScalingFactor(Contrast contrast, double effect, double power, double alpha, EffectPrior prior) => Roots.Above(
        factor => BayesianPower(contrast.StandardError / Math.Sqrt(factor), effect, alpha, prior) - power, 1, 2);

    // The interval leaves out 0 where the estimate is beyond (±z·√(posterior precision) − prior mean/prior variance)·error².
    private static double BayesianPower(double error, double effect, double alpha, EffectPrior prior)
    {
        var precision = (1 / (error * error)) + (1 / prior.Variance);
        var reach = StandardNormal.Critical(alpha) * Math.Sqrt(precision) * error * error;
        var shift = prior.Mean / prior.Variance * error * error;
        return StandardNormal.Above((reach - shift - effect) / error) + StandardNormal.Below((-reach - shift - effect) / error);
    }

    private static double Error(Baseline baseline, double effect, double control, double treatment) => Math.Sqrt(Contrast.DeltaVariance(
        baseline.Variance, baseline.Mean, control, baseline.VarianceAfter(effect), baseline.Mean * (1 + effect), treatment, Difference.Relative));
}
