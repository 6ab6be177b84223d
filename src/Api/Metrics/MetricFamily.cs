using System.Buffers;

namespace Personalization.Api.Metrics;

/// <summary>One metric: its name, and its series.</summary>
internal sealed class MetricFamily
{
    private readonly SeriesTable _series;
    private readonly string[] _bounds;
    private long _refused;
    private int _round;

    /// <summary>Makes a metric without series.</summary>
    /// <param name="name">As Prometheus knows it.</param>
    /// <param name="help">What it is, for people.</param>
    /// <param name="kind">What its numbers mean.</param>
    /// <param name="isAsked">Whether the whole value is told when asked, rather than each change when it happens.</param>
    /// <param name="bounds">A histogram's bounds, ascending.</param>
    /// <param name="mostSeries">How many sets of tags are told apart; what comes with others is not counted.</param>
    public MetricFamily(string name, string help, MetricKind kind, bool isAsked, double[] bounds, int mostSeries)
    {
        (Name, Help, Kind, IsAsked) = (name, help, kind, isAsked);
        _series = new SeriesTable(mostSeries, labels => new MetricSeries(labels, bounds, kind == MetricKind.Histogram));
        _bounds = [.. bounds.Select(PrometheusText.Bound), "+Inf"];
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    public bool IsAsked { get; }

    /// <summary>Gets how many measurements were not counted because their tags were too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // Once in a sum, it would never leave it again; a counter that falls looks like one that started anew.
        if (Kind != MetricKind.Gauge && (!double.IsFinite(value) || (Kind == MetricKind.Counter && value < 0)))
        {
            return;
        }

        if (_series.Of(tags) is not { } series)
        {
            Interlocked.Increment(ref _refused);
        }
        else if (IsAsked)
        {
            series.ToldIn = _round;
            series.Set(value);
        }
        else if (Kind == MetricKind.Histogram)
        {
            series.Count(value);
        }
        else if (Kind == MetricKind.Gauge)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>Begins a round of asking. Series that are not told in it are not written: what they measured is gone.</summary>
    public void BeginRound() => _round++;

    public void Write(IBufferWriter<byte> output)
    {
        var series = _series.All;
        if (!Array.Exists(series, IsTold))
        {
            return;
        }

        PrometheusText.Head(output, Name, Help, Kind);
        foreach (var one in series)
        {
            if (!IsTold(one))
            {
                continue;
            }

            if (Kind == MetricKind.Histogram)
            {
                WriteHistogram(output, one);
            }
            else
            {
                PrometheusText.Sample(output, Name, "", one.Labels, one.Value);
            }
        }
    }

    private bool IsTold(MetricSeries series) => !IsAsked || series.ToldIn == _round;

    // The count is that of the buckets just written, so that both agree although counting goes on.
    private void WriteHistogram(IBufferWriter<byte> output, MetricSeries series)
    {
        var prefix = series.Labels.Length == 0 ? "le=\"" : series.Labels + ",le=\"";
        var count = 0L;
        for (var i = 0; i < _bounds.Length; i++)
        {
            count += series.Bucket(i);
            PrometheusText.Sample(output, Name, "_bucket", prefix + _bounds[i] + "\"", count);
        }

        PrometheusText.Sample(output, Name, "_sum", series.Labels, series.Value);
        PrometheusText.Sample(output, Name, "_count", series.Labels, count);
    }
}
