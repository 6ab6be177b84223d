namespace Personalization.Core.Statistics;

/// <summary>The difference between two arms and how uncertain it is; what every test below begins with.</summary>
/// <param name="Estimate">The difference: in the metric's unit, or as a share of the control.</param>
/// <param name="StandardError">Its standard error; 0 where an arm is empty or nothing varies, and then nothing can be said.</param>
/// <param name="DegreesOfFreedom">Welch and Satterthwaite's.</param>
/// <param name="Count">How many units both arms have.</param>
public readonly record struct Contrast(double Estimate, double StandardError, double DegreesOfFreedom, double Count)
{
    /// <summary>Gets whether there is anything to test: both arms vary, and a relative difference has a control to be relative to.</summary>
    public bool IsTestable => StandardError > 0 && double.IsFinite(StandardError) && double.IsFinite(Estimate);

    /// <summary>Compares two arms.</summary>
    /// <remarks>
    /// The variance of a relative difference is the delta method's (<see cref="DeltaVariance"/>). With adjusted means the share is of the
    /// plain mean of the control, which varies together with the adjusted one.
    /// </remarks>
    public static Contrast Of(MetricArm control, MetricArm treatment, Difference difference)
    {
        var count = control.Count + treatment.Count;
        var (estimate, variance) = difference == Difference.Absolute
            ? (treatment.Mean - control.Mean, treatment.SquaredError + control.SquaredError)
            : Relative(control, treatment);
        var isEmpty = control.Count < 2 || treatment.Count < 2;
        return new Contrast(estimate, isEmpty || !(variance > 0) ? 0 : Math.Sqrt(variance), Freedom(control, treatment), count);
    }

    /// <summary>The delta method's variance of (mean B − mean A) or of (mean B − mean A) / |mean A|, of independent samples.</summary>
    public static double DeltaVariance(
        double controlVariance, double controlMean, double controlCount, double variance, double mean, double count, Difference difference)
    {
        var (a, b) = (controlVariance / controlCount, variance / count);
        if (difference == Difference.Absolute)
        {
            return a + b;
        }

        var square = controlMean * controlMean;
        return (b / square) + (a * mean * mean / (square * square));
    }

    private static (double Estimate, double Variance) Relative(MetricArm control, MetricArm treatment)
    {
        var plain = control.PlainMean;
        if (plain == 0 || control.Count == 0)
        {
            return (double.NaN, 0);
        }

        // The control's share of the variance: of the adjusted mean, of the plain one below the line, and of both together. The adjusted
        // and the plain difference are the same in expectation; gbstats takes the plain one for means and the adjusted one for ratios.
        var lift = (treatment.Mean - control.Mean) / plain;
        var excess = treatment.IsAdjustedRatio ? lift : (treatment.PlainMean / plain) - 1;
        var controls = control.Variance + (2 * excess * control.PlainCovariance) + (excess * excess * control.PlainVariance);
        var variance = (treatment.SquaredError + (controls / control.Count)) / (plain * plain);
        return (lift * Math.Sign(plain), variance);
    }

    private static double Freedom(MetricArm control, MetricArm treatment)
    {
        var (a, b) = (control.SquaredError, treatment.SquaredError);
        var below = (a * a / (control.Count - 1)) + (b * b / (treatment.Count - 1));
        return below > 0 ? (a + b) * (a + b) / below : double.PositiveInfinity;
    }
}
