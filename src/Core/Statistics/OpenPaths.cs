namespace Personalization.Core.Statistics;

/// <summary>The density of the sum of a Brownian motion, on a grid, among the paths that crossed no bound so far.</summary>
internal readonly struct OpenPaths
{
    // Grid points per standard deviation of a step: Simpson's rule on a density this smooth is then exact to 1e-9.
    private const int PointsPerDeviation = 12;
    private const int FewestPoints = 128;
    private const double Farthest = 8;

    private readonly double[]? _sums;
    private readonly double[]? _masses;

    private OpenPaths(double[] sums, double[] masses)
    {
        _sums = sums;
        _masses = masses;
    }

    /// <summary>Carries the density to the next look, and leaves out what crosses there.</summary>
    public static OpenPaths After(in OpenPaths paths, double now, double before, double bound, bool isTwoSided, double drift = 0)
    {
        var high = Math.Min(bound, Farthest) * Math.Sqrt(now);
        var low = isTwoSided ? -high : (-Farthest * Math.Sqrt(now)) + Math.Min(0, drift * now);
        var deviation = Math.Sqrt(now - before);
        var step = drift * (now - before);
        var count = Math.Max(FewestPoints, 2 * (int)Math.Ceiling((high - low) / deviation * PointsPerDeviation / 2));
        var (sums, masses) = (new double[count + 1], new double[count + 1]);
        var width = (high - low) / count;
        for (var i = 0; i <= count; i++)
        {
            var sum = low + (i * width);
            var weight = i == 0 || i == count ? 1 : i % 2 == 1 ? 4 : 2;
            sums[i] = sum;
            masses[i] = paths.Mean(from => StandardNormal.Density((sum - from - step) / deviation)) / deviation * weight * width / 3;
        }

        return new OpenPaths(sums, masses);
    }

    /// <summary>Sums a function over the paths: its mean, times the share of paths that are open.</summary>
    public double Mean(Func<double, double> function)
    {
        if (_sums is null)
        {
            // Before the first look all paths are at 0.
            return function(0);
        }

        var sum = 0.0;
        for (var i = 0; i < _sums.Length; i++)
        {
            sum += _masses![i] * function(_sums[i]);
        }

        return sum;
    }
}
