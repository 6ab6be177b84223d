namespace Personalization.Core.Statistics;

/// <summary>How a design fares in many experiments.</summary>
/// <param name="Called">The share of experiments that were called.</param>
/// <param name="MeanLook">The look at which they ended on average, from 1; those that were not called end at the last.</param>
/// <param name="Runs">How many experiments there were.</param>
public readonly record struct OperatingCharacteristics(double Called, double MeanLook, int Runs)
{
    /// <summary>Gets the standard error of <see cref="Called"/>.</summary>
    public double Error => Math.Sqrt(Called * (1 - Called) / Runs);
}

/// <summary>Plays a design through, look by look, on simulated experiments: what theory promises, seen.</summary>
public static class DesignSimulation
{
    /// <summary>Runs experiments.</summary>
    /// <param name="bounds">The z to be reached at each look, as <see cref="TestDesign.Bounds"/> gives them.</param>
    /// <param name="drift">The difference, in standard errors of the whole experiment; 0 for null experiments.</param>
    /// <param name="runs">How many experiments.</param>
    /// <param name="random">Where chance comes from.</param>
    public static OperatingCharacteristics Run(IReadOnlyList<double> bounds, double drift, int runs, Random random)
    {
        var looks = bounds.Count;
        var step = Math.Sqrt(1.0 / looks);
        var (called, lookSum) = (0, 0L);
        for (var run = 0; run < runs; run++)
        {
            var sum = 0.0;
            var end = looks;
            for (var look = 1; look <= looks; look++)
            {
                sum += (drift / looks) + (step * Normal(random));
                if (Math.Abs(sum) / Math.Sqrt((double)look / looks) >= bounds[look - 1])
                {
                    called++;
                    end = look;
                    break;
                }
            }

            lookSum += end;
        }

        return new OperatingCharacteristics((double)called / runs, (double)lookSum / runs, runs);
    }

    // Box and Muller's transform; 1 − u, because u may be 0.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
