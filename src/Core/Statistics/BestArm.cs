namespace Personalization.Core.Statistics;

/// <summary>How probable it is that each arm is the best one, for independent normal posteriors.</summary>
public static class BestArm
{
    /// <summary>Gives P(arm is best), by quadrature; they sum to 1.</summary>
    /// <param name="means">The posterior means.</param>
    /// <param name="deviations">The posterior standard deviations, above 0.</param>
    /// <param name="lowerIsBetter">Whether the lowest mean is the best.</param>
    public static double[] Probabilities(IReadOnlyList<double> means, IReadOnlyList<double> deviations, bool lowerIsBetter = false)
    {
        var sign = lowerIsBetter ? -1 : 1;
        var best = new double[means.Count];
        for (var i = 0; i < best.Length; i++)
        {
            var (mean, deviation) = (sign * means[i], deviations[i]);
            var arm = i;
            best[i] = Quadrature.Integrate(
                z => StandardNormal.Density(z) * AllBelow(mean + (z * deviation), arm), -12, 12, pieces: 24);
        }

        return best;

        double AllBelow(double value, int arm)
        {
            var product = 1.0;
            for (var j = 0; j < means.Count; j++)
            {
                product *= j == arm ? 1 : StandardNormal.Below((value - (sign * means[j])) / deviations[j]);
            }

            return product;
        }
    }

    /// <summary>Gives every arm at least a floor, and shares what is left by the weights. Even shares where the floors leave nothing.</summary>
    /// <param name="weights">Weights that sum to 1.</param>
    /// <param name="floor">The least share of an arm, in [0, 1].</param>
    public static double[] WithFloor(IReadOnlyList<double> weights, double floor)
    {
        var count = weights.Count;
        return count * floor >= 1
            ? [.. Enumerable.Repeat(1.0 / count, count)]
            : [.. weights.Select(weight => floor + ((1 - (count * floor)) * weight))];
    }
}
