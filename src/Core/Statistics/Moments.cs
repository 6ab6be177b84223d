namespace Personalization.Core.Statistics;

/// <summary>Count, sum and sum of squares of one number per unit. Merging is addition.</summary>
/// <param name="Count">How many units.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
public readonly record struct Moments(double Count, double Sum, double SumOfSquares)
{
    /// <summary>Gets the mean; 0 without units.</summary>
    public double Mean => Count > 0 ? Sum / Count : 0;

    /// <summary>Gets the sample variance, with n − 1 below the line; 0 below two units.</summary>
    public double Variance => Covariance(this, this, SumOfSquares);

    /// <summary>Gives the sample covariance of two numbers of the same units.</summary>
    /// <param name="first">The sums of one.</param>
    /// <param name="second">The sums of the other.</param>
    /// <param name="products">The sum of their products.</param>
    public static double Covariance(Moments first, Moments second, double products) =>
        first.Count > 1 ? (products - (first.Sum * second.Sum / first.Count)) / (first.Count - 1) : 0;

    /// <summary>Adds the units of two samples.</summary>
    public static Moments operator +(Moments first, Moments second) =>
        new(first.Count + second.Count, first.Sum + second.Sum, first.SumOfSquares + second.SumOfSquares);
}
