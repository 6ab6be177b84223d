namespace Personalization.Core.Experiments;

/// <summary>The part of [0, 1] whose people get one variation.</summary>
/// <param name="Start">The first point of the range, in [0, 1].</param>
/// <param name="End">The first point beyond the range, in [<paramref name="Start"/>, 1]; a range of equal ends holds nobody.</param>
public readonly record struct BucketRange(double Start, double End)
{
    /// <summary>Tells whether a point, as <see cref="BucketHash"/> gives it, is in the range. NaN is in none.</summary>
    public bool Contains(double point) => point >= Start && point < End;
}
