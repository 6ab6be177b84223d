namespace Personalization.Core.Statistics;

/// <summary>What one arm of an experiment says about a metric: a mean and how uncertain it is.</summary>
/// <remarks>
/// Whatever the metric is (mean, proportion, ratio, quantile, adjusted or not), tests need only this. Variances are of one unit:
/// divided by <see cref="Count"/> they are the variance of the mean.
/// </remarks>
public readonly record struct MetricArm
{
    /// <summary>Gets how many units: people who were exposed.</summary>
    public required double Count { get; init; }

    /// <summary>Gets the estimate, after adjustment where there is one.</summary>
    public required double Mean { get; init; }

    /// <summary>Gets the variance of a unit, after adjustment.</summary>
    public required double Variance { get; init; }

    /// <summary>Gets the estimate before adjustment, of which a relative difference is a share.</summary>
    public required double PlainMean { get; init; }

    /// <summary>Gets the variance of a unit before adjustment.</summary>
    public required double PlainVariance { get; init; }

    /// <summary>Gets the covariance of a unit before and after adjustment.</summary>
    public required double PlainCovariance { get; init; }

    /// <summary>Gets whether the estimate is an adjusted ratio.</summary>
    public bool IsAdjustedRatio { get; init; }

    /// <summary>Gets the variance of the estimate; 0 without units.</summary>
    public double SquaredError => Count > 0 ? Variance / Count : 0;

    /// <summary>The arm of a mean: revenue or events per person.</summary>
    public static MetricArm OfMean(Moments sums) => Plain(sums.Count, sums.Mean, sums.Variance);

    /// <summary>The arm of a proportion: the share of people who converted.</summary>
    /// <remarks>The variance is p(1 − p), the maximum-likelihood one, as gbstats has it.</remarks>
    public static MetricArm OfProportion(double count, double successes)
    {
        var p = count > 0 ? successes / count : 0;
        return Plain(count, p, p * (1 - p));
    }

    /// <summary>The arm of a ratio of two means, such as revenue per order: the delta method makes it linear.</summary>
    /// <remarks>Deng, Knoblich and Lu 2018, "Applying the delta method in metric analytics", section 3.</remarks>
    /// <param name="numerator">The sums above the line.</param>
    /// <param name="denominator">The sums below the line.</param>
    /// <param name="products">The sum of products of both, unit by unit.</param>
    public static MetricArm OfRatio(Moments numerator, Moments denominator, double products)
    {
        var d = denominator.Mean;
        if (d == 0)
        {
            return Plain(numerator.Count, 0, 0);
        }

        var r = numerator.Mean / d;
        var covariance = Moments.Covariance(numerator, denominator, products);
        var variance = (numerator.Variance - (2 * r * covariance) + (r * r * denominator.Variance)) / (d * d);
        return Plain(numerator.Count, r, variance);
    }

    /// <summary>The arm of a quantile, from the order statistics that bound it.</summary>
    /// <param name="count">How many values.</param>
    /// <param name="quantile">The estimate.</param>
    /// <param name="lower">The lower bound of its 95 % interval.</param>
    /// <param name="upper">The upper bound of its 95 % interval.</param>
    public static MetricArm OfQuantile(double count, double quantile, double lower, double upper)
    {
        var error = (upper - lower) / (2 * StandardNormal.Quantile(0.975));
        return Plain(count, quantile, error * error * (count - 1));
    }

    private static MetricArm Plain(double count, double mean, double variance) => new()
    {
        Count = count,
        Mean = mean,
        Variance = variance,
        PlainMean = mean,
        PlainVariance = variance,
        PlainCovariance = variance,
    };
}
