namespace Personalization.Api.Metrics;

/// <summary>The numbers of one metric under one set of labels. Any thread may write; nothing is ever locked or allocated.</summary>
/// <param name="labels">The labels as the text has them, without braces.</param>
/// <param name="bounds">A histogram's bounds; empty for others.</param>
/// <param name="isHistogram">Whether to count into buckets.</param>
internal sealed class MetricSeries(string labels, double[] bounds, bool isHistogram)
{
    private readonly long[] _buckets = isHistogram ? new long[bounds.Length + 1] : [];
    private double _value;

    public string Labels { get; } = labels;

    /// <summary>Gets the value, or the sum of a histogram's.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Gets or sets the round of collecting in which the value was last told, for those that are asked.</summary>
    public int ToldIn { get; set; }

    /// <summary>Reads how many values fell between a bound and the one before it; the last bucket has no bound.</summary>
    public long Bucket(int index) => Volatile.Read(ref _buckets[index]);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref _value, seen + value, seen);

            // By bits, as the exchange compares: 0 and -0 are equal numbers.
            if (BitConverter.DoubleToInt64Bits(found) == BitConverter.DoubleToInt64Bits(seen))
            {
                return;
            }

            seen = found;
        }
    }

    /// <summary>Counts a value into its bucket: the first whose bound is not below it.</summary>
    public void Count(double value)
    {
        var index = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref _buckets[index >= 0 ? index : ~index]);
        Add(value);
    }
}
