using MathNet.Numerics;

namespace Personalization.Core.Statistics;

/// <summary>Tests for two proportions.</summary>
public static class Proportions
{
    /// <summary>The χ² test of the pooled proportion, with the interval of the unpooled one.</summary>
    /// <param name="controlCount">How many people the control has.</param>
    /// <param name="controlSuccesses">How many of them converted.</param>
    /// <param name="count">The same of the treatment.</param>
    /// <param name="successes">The same of the treatment.</param>
    /// <param name="alpha">The level.</param>
    public static Effect ChiSquared(double controlCount, double controlSuccesses, double count, double successes, double alpha)
    {
        if (controlCount <= 0 || count <= 0)
        {
            return Effect.Unknown(0);
        }

        var (a, b) = (controlSuccesses / controlCount, successes / count);
        var pooled = (controlSuccesses + successes) / (controlCount + count);
        var error = Math.Sqrt((a * (1 - a) / controlCount) + (b * (1 - b) / count));
        var spread = pooled * (1 - pooled) * ((1 / controlCount) + (1 / count));
        if (spread <= 0)
        {
            return Effect.Unknown(b - a);
        }

        var width = StandardNormal.Critical(alpha) * error;
        var p = SpecialFunctions.GammaUpperRegularized(0.5, (b - a) * (b - a) / spread / 2);
        return new Effect(b - a, b - a - width, b - a + width, error, p);
    }
}
