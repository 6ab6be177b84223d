using System.Diagnostics.Metrics;
using System.Globalization;

namespace Personalization.Api.Metrics;

/// <summary>Upper bounds of histograms, each inclusive; what lies above the last falls into a bucket without one.</summary>
internal static class HistogramBuckets
{
    /// <summary>For durations in seconds: 1 µs to 10 s, three to the decade.</summary>
    public static readonly double[] Seconds =
    [
        0.000001, 0.0000025, 0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ];

    // OpenTelemetry specification, Metrics SDK, "Explicit Bucket Histogram Aggregation".
    private static readonly double[] Others = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    /// <summary>Gets the bounds an instrument advises, else those for its unit.</summary>
    public static double[] Of(Instrument instrument)
    {
        var advised = instrument switch
        {
            Histogram<double> histogram => Advised(histogram.Advice),
            Histogram<float> histogram => Advised(histogram.Advice),
            Histogram<decimal> histogram => Advised(histogram.Advice),
            Histogram<long> histogram => Advised(histogram.Advice),
            Histogram<int> histogram => Advised(histogram.Advice),
            Histogram<short> histogram => Advised(histogram.Advice),
            Histogram<byte> histogram => Advised(histogram.Advice),
            _ => null,
        };
        return advised ?? (instrument.Unit == "s" ? Seconds : Others);
    }

    private static double[]? Advised<T>(InstrumentAdvice<T>? advice)
        where T : struct, IConvertible =>
        advice?.HistogramBucketBoundaries is { } bounds
            ? [.. bounds.Select(bound => bound.ToDouble(CultureInfo.InvariantCulture)).Where(double.IsFinite).Distinct().Order()]
            : null;
}
