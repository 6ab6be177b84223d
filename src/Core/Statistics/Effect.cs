namespace Personalization.Core.Statistics;

/// <summary>What a test says of a difference.</summary>
/// <param name="Estimate">The difference.</param>
/// <param name="Lower">The lower end of the interval; −∞ for a test that looks for less.</param>
/// <param name="Upper">The upper end of the interval; +∞ for a test that looks for more.</param>
/// <param name="StandardError">The standard error of the difference.</param>
/// <param name="PValue">The p-value.</param>
public readonly record struct Effect(double Estimate, double Lower, double Upper, double StandardError, double PValue)
{
    /// <summary>What can be said where nothing varies or an arm is empty: nothing.</summary>
    public static Effect Unknown(double estimate) => new(estimate, double.NegativeInfinity, double.PositiveInfinity, double.NaN, 1);
}
