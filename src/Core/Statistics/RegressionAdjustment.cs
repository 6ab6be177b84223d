namespace Personalization.Core.Statistics;

/// <summary>Takes out of a metric what was known of each person before the experiment touched them: CUPED.</summary>
/// <remarks>
/// Deng, Xu, Kohavi and Walker 2013, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data".
/// θ = cov(after, before) / var(before), over both arms together; adjusted = after − θ before, whose variance is smaller by the square
/// of their correlation.
/// </remarks>
public static class RegressionAdjustment
{
    /// <summary>Adjusts both arms of a mean or a proportion.</summary>
    public static (MetricArm Control, MetricArm Treatment) Adjust(RegressionSums control, RegressionSums treatment)
    {
        var both = control + treatment;
        var theta = Slope(both.Covariance, both.BeforeVariance);
        return (Arm(control), Arm(treatment));

        MetricArm Arm(RegressionSums sums) =>
            Adjusted(sums.After.Count, sums.After.Mean, sums.AfterVariance, sums.Before.Mean, sums.BeforeVariance, sums.Covariance, theta);
    }

    /// <summary>Adjusts both arms of a ratio.</summary>
    /// <remarks>The sums of both arms have no ratio of their own, so θ is the one that makes the difference vary least.</remarks>
    public static (MetricArm Control, MetricArm Treatment) Adjust(RatioRegressionSums control, RatioRegressionSums treatment)
    {
        if (control.DenominatorBefore.Sum == 0 || treatment.DenominatorBefore.Sum == 0)
        {
            return (control.After, treatment.After);
        }

        var theta = Slope(
            (control.Covariance / control.Numerator.Count) + (treatment.Covariance / treatment.Numerator.Count),
            control.Before.SquaredError + treatment.Before.SquaredError);
        return (Arm(control), Arm(treatment));

        MetricArm Arm(RatioRegressionSums sums)
        {
            var (after, before) = (sums.After, sums.Before);
            return Adjusted(after.Count, after.Mean, after.Variance, before.Mean, before.Variance, sums.Covariance, theta) with { IsAdjustedRatio = true };
        }
    }

    private static double Slope(double covariance, double variance) => variance > 0 ? covariance / variance : 0;

    private static MetricArm Adjusted(
        double count, double mean, double variance, double meanBefore, double varianceBefore, double covariance, double theta) => new()
        {
            Count = count,
            Mean = mean - (theta * meanBefore),
            Variance = variance + (theta * theta * varianceBefore) - (2 * theta * covariance),
            PlainMean = mean,
            PlainVariance = variance,
            PlainCovariance = variance - (theta * covariance),
        };
}
