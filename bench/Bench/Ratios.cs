namespace Personalization.Bench;

/// <summary>The ratios of pairs that were measured one right after the other, so that what slows the machine slows both.</summary>
internal sealed class Ratios
{
    private readonly double[] _sorted;

    public Ratios(IEnumerable<double> ratios) => _sorted = [.. ratios.Order()];

    public double Median => Of(_sorted);

    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    public override string ToString() => $"{Row.Text(Median)} ({Row.Text(_sorted[0])}–{Row.Text(_sorted[^1])})";
}
