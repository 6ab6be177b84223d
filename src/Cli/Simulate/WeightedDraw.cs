namespace Personalization.Cli.Simulate;

/// <summary>Draws numbers from 0 with fixed weights.</summary>
internal sealed class WeightedDraw
{
    private readonly double[] _sums;

    public WeightedDraw(IEnumerable<double> weights)
    {
        var sum = 0.0;
        _sums = [.. weights.Select(weight => sum += weight)];
    }

    public int Draw(Random random)
    {
        var found = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
        return Math.Min(found < 0 ? ~found : found, _sums.Length - 1);
    }
}
