namespace Personalization.Core.Statistics;

/// <summary>Bounds for an experiment whose size is planned and that is looked at on the way: the error is spent as information comes in.</summary>
/// <remarks>
/// <para>Lan and DeMets 1983, "Discrete sequential boundaries for clinical trials", with the power spending function α tᵠ (Kim and DeMets
/// 1987; φ = 2 as spotify/confidence has it). The bounds follow from the recursion of Armitage, McPherson and Rowe 1969: the density of the
/// sum so far, among the paths that have not crossed, is carried from look to look.</para>
/// <para>The information of a look is its share of the planned number of units; beyond 1 nothing is left to spend.</para>
/// </remarks>
public static class GroupSequential
{
    /// <summary>The power of the spending function where none is given.</summary>
    public const double DefaultPower = 2;

    // Bounds beyond this are never reached: Φ(−8) is 6e-16.
    private const double Farthest = 8;

    /// <summary>Gives, for each look, the z that must be reached to stop.</summary>
    /// <param name="information">The share of the planned units at each look, rising, in (0, 1].</param>
    /// <param name="alpha">The error to spend in all.</param>
    /// <param name="isTwoSided">Whether both directions are looked for.</param>
    /// <param name="power">The power φ of the spending function.</param>
    /// <exception cref="ArgumentException">The looks do not rise, or are not in (0, 1].</exception>
    public static double[] Bounds(IReadOnlyList<double> information, double alpha, bool isTwoSided = true, double power = DefaultPower)
    {
        var bounds = new double[information.Count];
        var paths = default(OpenPaths);
        var spent = 0.0;
        for (var look = 0; look < bounds.Length; look++)
        {
            var now = information[look];
            var before = look == 0 ? 0 : information[look - 1];
            if (!(now > before) || now > 1)
            {
                throw new ArgumentException($"Looks rise and are in (0, 1]; look {look + 1} is at {now} after {before}.", nameof(information));
            }

            var toSpend = (alpha * Math.Pow(now, power)) - spent;
            var current = paths;
            bounds[look] = Roots.Bisect(z => Crossing(current, now, before, z, isTwoSided) - toSpend, 0, Farthest);
            spent += toSpend;
            paths = OpenPaths.After(paths, now, before, bounds[look], isTwoSided);
        }

        return bounds;
    }

    /// <summary>Gives the probability to have crossed by each look, where the z of the whole experiment has a mean other than 0.</summary>
    /// <param name="information">The looks.</param>
    /// <param name="bounds">Their bounds.</param>
    /// <param name="drift">The mean of z at full information: the effect in standard errors of the whole experiment.</param>
    /// <param name="isTwoSided">Whether crossing downwards counts.</param>
    public static double[] Crossed(IReadOnlyList<double> information, IReadOnlyList<double> bounds, double drift, bool isTwoSided = true)
    {
        var crossed = new double[information.Count];
        var paths = default(OpenPaths);
        var sum = 0.0;
        for (var look = 0; look < crossed.Length; look++)
        {
            var before = look == 0 ? 0 : information[look - 1];
            crossed[look] = sum += Crossing(paths, information[look], before, bounds[look], isTwoSided, drift);
            paths = OpenPaths.After(paths, information[look], before, bounds[look], isTwoSided, drift);
        }

        return crossed;
    }

    /// <summary>Tests a difference at the latest of several looks.</summary>
    /// <param name="contrast">The difference now.</param>
    /// <param name="information">The looks so far, the latest last.</param>
    /// <param name="alpha">The error to spend in all.</param>
    public static Effect Test(Contrast contrast, IReadOnlyList<double> information, double alpha)
    {
        if (!contrast.IsTestable)
        {
            return Effect.Unknown(contrast.Estimate);
        }

        var bound = Bounds(information, alpha)[^1];
        var width = bound * contrast.StandardError;
        var z = Math.Abs(contrast.Estimate / contrast.StandardError);
        return new Effect(
            contrast.Estimate, contrast.Estimate - width, contrast.Estimate + width, contrast.StandardError, PValue(information, z));
    }

    // The error that would have to be spent in all for the bound of this look to be just here.
    private static double PValue(IReadOnlyList<double> information, double z)
    {
        const double Least = 1e-9;
        const double Most = 1 - 1e-9;
        if (Bounds(information, Most)[^1] >= z)
        {
            return 1;
        }

        return Bounds(information, Least)[^1] <= z ? Least : Roots.Bisect(alpha => z - Bounds(information, alpha)[^1], Least, Most);
    }

    private static double Crossing(in OpenPaths paths, double now, double before, double z, bool isTwoSided, double drift = 0)
    {
        var reach = z * Math.Sqrt(now);
        var deviation = Math.Sqrt(now - before);
        var step = drift * (now - before);
        var above = paths.Mean(sum => StandardNormal.Above((reach - sum - step) / deviation));
        return isTwoSided ? above + paths.Mean(sum => StandardNormal.Below((-reach - sum - step) / deviation)) : above;
    }
}
