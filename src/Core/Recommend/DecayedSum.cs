namespace Personalization.Core.Recommend;

/// <summary>A sum whose parts lose half their weight with every half-life.</summary>
/// <remarks>
/// Exponential decay is memoryless (Cormode et al., "Forward Decay", ICDE 2009, §III), so the value at one moment says all. Adding is
/// commutative up to rounding: a part that comes late counts what is left of it.
/// </remarks>
/// <param name="Value">The sum at <paramref name="At"/>.</param>
/// <param name="At">When, in seconds since the Unix epoch.</param>
public readonly record struct DecayedSum(double Value, long At)
{
    /// <summary>Gives the sum as of a time, in seconds since the Unix epoch; for an earlier one, what it weighs from there.</summary>
    public double ValueAt(long at, double halfLifeSeconds) => Value * double.Exp2((At - at) / halfLifeSeconds);

    /// <summary>Adds two sums.</summary>
    public DecayedSum Plus(DecayedSum other, double halfLifeSeconds)
    {
        if (Value == 0)
        {
            return other;
        }

        var at = Math.Max(At, other.At);
        return new DecayedSum(ValueAt(at, halfLifeSeconds) + other.ValueAt(at, halfLifeSeconds), at);
    }
}
