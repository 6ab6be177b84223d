namespace Personalization.Core.Experiments;

/// <summary>Divides [0, 1] among variations, and finds the variation of a point.</summary>
/// <remarks>
/// Source: GrowthBook SDK specification, <c>getEqualWeights</c>, <c>getBucketRanges</c>, <c>chooseVariation</c>. Each variation
/// keeps its start whatever the coverage, so people who are in stay in, with the variation they have, while coverage grows.
/// </remarks>
public static class Bucketing
{
    /// <summary>Gives every variation the same weight, 1/<paramref name="variations"/>.</summary>
    /// <param name="variations">How many; none for 0 and below.</param>
    public static double[] EqualWeights(int variations)
    {
        var weights = new double[Math.Max(variations, 0)];
        Array.Fill(weights, 1.0 / variations);
        return weights;
    }

    /// <summary>Gives each variation its range: it starts where the weights before it end, and is its weight × coverage wide.</summary>
    /// <param name="variations">How many; none for 0 and below.</param>
    /// <param name="coverage">The share of people who take part, brought into [0, 1].</param>
    /// <param name="weights">
    /// The variations' shares. Equal ones are used instead of weights that are not as many as the variations or whose sum is not
    /// in [0.99, 1.01].
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The coverage is NaN.</exception>
    public static BucketRange[] Ranges(int variations, double coverage = 1, ReadOnlySpan<double> weights = default)
    {
        if (double.IsNaN(coverage))
        {
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage, "Coverage is a number, from 0 to 1.");
        }

        coverage = Math.Clamp(coverage, 0, 1);
        if (weights.Length != variations || Sum(weights) is not (>= 0.99 and <= 1.01))
        {
            weights = EqualWeights(variations);
        }

        var ranges = new BucketRange[weights.Length];
        var start = 0.0;
        for (var i = 0; i < ranges.Length; i++)
        {
            ranges[i] = new(start, start + (coverage * weights[i]));
            start += weights[i];
        }

        return ranges;
    }

    /// <summary>Finds the variation of a point. Allocates nothing.</summary>
    /// <param name="point">Where the person falls, in [0, 1], as <see cref="BucketHash"/> gives it.</param>
    /// <param name="ranges">The variations' ranges.</param>
    /// <returns>The index of the first range that holds the point, or -1 for a person who takes no part.</returns>
    public static int ChooseVariation(double point, ReadOnlySpan<BucketRange> ranges)
    {
        for (var i = 0; i < ranges.Length; i++)
        {
            if (ranges[i].Contains(point))
            {
                return i;
            }
        }

        return -1;
    }

    private static double Sum(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        return sum;
    }
}
