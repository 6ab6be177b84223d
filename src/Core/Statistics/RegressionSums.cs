namespace Personalization.Core.Statistics;

/// <summary>What regression adjustment needs of one arm: a metric after exposure, and the same people's covariate before it.</summary>
/// <param name="After">The metric.</param>
/// <param name="Before">The covariate: any feature of the profile as it was when the person was first exposed.</param>
/// <param name="Products">The sum of products of both, person by person.</param>
/// <param name="IsProportion">Whether both are 0 or 1 per person, whose variance is p(1 − p).</param>
public readonly record struct RegressionSums(Moments After, Moments Before, double Products, bool IsProportion = false)
{
    /// <summary>Adds the people of two samples.</summary>
    public static RegressionSums operator +(RegressionSums first, RegressionSums second) =>
        new(first.After + second.After, first.Before + second.Before, first.Products + second.Products, first.IsProportion);

    internal double AfterVariance => IsProportion ? After.Mean * (1 - After.Mean) : After.Variance;

    internal double BeforeVariance => IsProportion ? Before.Mean * (1 - Before.Mean) : Before.Variance;

    internal double Covariance => !IsProportion ? Moments.Covariance(After, Before, Products)
        : After.Count > 0 ? (Products / After.Count) - (After.Mean * Before.Mean) : 0;
}

/// <summary>The same for a ratio of two metrics: numerator and denominator, after and before, and their products.</summary>
public readonly record struct RatioRegressionSums
{
    /// <summary>Gets the numerator after exposure.</summary>
    public required Moments Numerator { get; init; }

    /// <summary>Gets the denominator after exposure.</summary>
    public required Moments Denominator { get; init; }

    /// <summary>Gets the numerator before exposure.</summary>
    public required Moments NumeratorBefore { get; init; }

    /// <summary>Gets the denominator before exposure.</summary>
    public required Moments DenominatorBefore { get; init; }

    /// <summary>Gets the sum of numerator × denominator, both after.</summary>
    public required double Products { get; init; }

    /// <summary>Gets the sum of numerator × denominator, both before.</summary>
    public required double ProductsBefore { get; init; }

    /// <summary>Gets the sum of numerator after × numerator before.</summary>
    public required double NumeratorNumerator { get; init; }

    /// <summary>Gets the sum of denominator after × denominator before.</summary>
    public required double DenominatorDenominator { get; init; }

    /// <summary>Gets the sum of numerator after × denominator before.</summary>
    public required double NumeratorDenominator { get; init; }

    /// <summary>Gets the sum of denominator after × numerator before.</summary>
    public required double DenominatorNumerator { get; init; }

    /// <summary>The delta method's covariance of the ratio after and the ratio before.</summary>
    internal double Covariance
    {
        get
        {
            var (d, e) = (Denominator.Mean, DenominatorBefore.Mean);
            var (r, q) = (Numerator.Mean / d, NumeratorBefore.Mean / e);
            return (Moments.Covariance(Numerator, NumeratorBefore, NumeratorNumerator)
                - (q * Moments.Covariance(Numerator, DenominatorBefore, NumeratorDenominator))
                - (r * Moments.Covariance(Denominator, NumeratorBefore, DenominatorNumerator))
                + (r * q * Moments.Covariance(Denominator, DenominatorBefore, DenominatorDenominator))) / (d * e);
        }
    }

    internal MetricArm After => MetricArm.OfRatio(Numerator, Denominator, Products);

    internal MetricArm Before => MetricArm.OfRatio(NumeratorBefore, DenominatorBefore, ProductsBefore);
}
