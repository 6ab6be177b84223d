using MathNet.Numerics;

namespace Personalization.Core.Statistics;

/// <summary>Whether people were split as planned. Where they were not, nothing else the experiment says can be believed.</summary>
public static class SampleRatio
{
    /// <summary>The p-value below which a split is called broken, and the e-value above whose inverse it is.</summary>
    public const double Alarm = 0.001;

    // Prior units of the mixture below: small, so that a large mismatch is noticed early.
    private const double PriorUnits = 10;

    /// <summary>Pearson's χ² test, right when looked at once.</summary>
    /// <param name="counts">How many people each arm has.</param>
    /// <param name="weights">The share each arm was meant to have; they are scaled to sum to 1. Arms of weight 0 are left out.</param>
    public static double PValue(IReadOnlyList<double> counts, IReadOnlyList<double> weights)
    {
        var (total, weight, arms) = Totals(counts, weights);
        if (total <= 0 || arms < 2)
        {
            return 1;
        }

        var sum = 0.0;
        for (var i = 0; i < Math.Min(counts.Count, weights.Count); i++)
        {
            if (weights[i] > 0)
            {
                var expected = total * weights[i] / weight;
                sum += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
        }

        return SpecialFunctions.GammaUpperRegularized((arms - 1) / 2.0, sum / 2);
    }

    /// <summary>An e-value that may be looked at all the time: above 1/α at any time in at most a share α of sound experiments.</summary>
    /// <remarks>
    /// Lindon and Malek 2020, "Anytime-valid inference for multinomial count data" (arXiv 2011.03567): the Bayes factor of a Dirichlet
    /// mixture, centred on the planned split, against that split.
    /// </remarks>
    public static double LogEvidence(IReadOnlyList<double> counts, IReadOnlyList<double> weights)
    {
        var (total, weight, arms) = Totals(counts, weights);
        if (total <= 0 || arms < 2)
        {
            return 0;
        }

        var units = PriorUnits * arms;
        var log = SpecialFunctions.GammaLn(units) - SpecialFunctions.GammaLn(units + total);
        for (var i = 0; i < Math.Min(counts.Count, weights.Count); i++)
        {
            if (weights[i] > 0)
            {
                var share = weights[i] / weight;
                log += SpecialFunctions.GammaLn((units * share) + counts[i]) - SpecialFunctions.GammaLn(units * share) - (counts[i] * Math.Log(share));
            }
        }

        return log;
    }

    private static (double Total, double Weight, int Arms) Totals(IReadOnlyList<double> counts, IReadOnlyList<double> weights)
    {
        var (total, weight, arms) = (0.0, 0.0, 0);
        for (var i = 0; i < Math.Min(counts.Count, weights.Count); i++)
        {
            if (weights[i] > 0)
            {
                total += counts[i];
                weight += weights[i];
                arms++;
            }
        }

        return (total, weight, arms);
    }
}
