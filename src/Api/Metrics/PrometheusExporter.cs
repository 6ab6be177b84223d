// Stands in for the packages OpenTelemetry.Exporter.Prometheus.AspNetCore and OpenTelemetry.Extensions.Hosting, which are not in the
// single-node edition's package set. Where they are to be had they do the same by the same names, and this folder needs only
// PersonalizationMetrics.cs.
using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Personalization.Api.Metrics;

/// <summary>Listens to meters and writes what they measured, as Prometheus reads it.</summary>
/// <remarks>
/// It hears the meters of its own host and those that belong to no host, so that two hosts in one process don't count each other's.
/// Recording takes no lock and allocates nothing once a set of tags is known.
/// </remarks>
internal sealed partial class PrometheusExporter : IDisposable
{
    private const int MostSeries = 1000;
    private const string RefusedName = "personalization_metrics_refused_total";

    private readonly object _host;
    private readonly int _mostSeries;
    private readonly ILogger<PrometheusExporter> _logger;
    private readonly MeterListener _listener = new();
    private readonly Lock _collecting = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>Begins to listen.</summary>
    /// <param name="meters">The host's meters.</param>
    /// <param name="logger">Told what can't be measured.</param>
    public PrometheusExporter(IMeterFactory meters, ILogger<PrometheusExporter> logger)
        : this(meters, logger, MostSeries)
    {
    }

    /// <summary>Begins to listen, with a bound of one's own on the series of each metric.</summary>
    internal PrometheusExporter(IMeterFactory meters, ILogger<PrometheusExporter> logger, int mostSeries)
    {
        (_host, _logger, _mostSeries) = (meters, logger, mostSeries);
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => ((MetricFamily)family!).Record((double)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Asks what is measured only when asked, and writes everything.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        lock (_collecting)
        {
            foreach (var family in Families())
            {
                family.BeginRound();
            }

            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException exception)
            {
                // All were asked, and those that answered are written: a broken gauge must not blind the rest.
                LogNotObserved(exception);
            }

            var families = Families();
            foreach (var family in families)
            {
                family.Write(output);
            }

            WriteRefused(output, families);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void WriteRefused(IBufferWriter<byte> output, MetricFamily[] families)
    {
        PrometheusText.Head(output, RefusedName, "Measurements that were not counted because their metric has too many series.", MetricKind.Counter);
        PrometheusText.Sample(output, RefusedName, "", "", families.Sum(family => (double)family.Refused));
    }

    private static bool IsHeard(string meter) =>
        meter.StartsWith("Personalization", StringComparison.Ordinal)
        || meter is "Microsoft.AspNetCore.Server.Kestrel" or "Microsoft.AspNetCore.Hosting" or "System.Runtime" or "Microsoft.Orleans";

    private static (MetricKind Kind, bool IsAsked)? KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var kind = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return kind == typeof(Counter<>) ? (MetricKind.Counter, false)
            : kind == typeof(ObservableCounter<>) ? (MetricKind.Counter, true)
            : kind == typeof(UpDownCounter<>) ? (MetricKind.UpDownCounter, false)
            : kind == typeof(ObservableUpDownCounter<>) ? (MetricKind.UpDownCounter, true)
            : kind == typeof(Gauge<>) ? (MetricKind.Gauge, false)
            : kind == typeof(ObservableGauge<>) ? (MetricKind.Gauge, true)
            : kind == typeof(Histogram<>) ? (MetricKind.Histogram, false)
            : null;
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        var scope = instrument.Meter.Scope;
        if (IsHeard(instrument.Meter.Name) && (scope is null || ReferenceEquals(scope, _host)) && FamilyOf(instrument) is { } family)
        {
            listener.EnableMeasurementEvents(instrument, family);
        }
    }

    /// <summary>Gets the metric an instrument's measurements belong to; instruments of one name share it. Null where they contradict each other.</summary>
    private MetricFamily? FamilyOf(Instrument instrument)
    {
        if (KindOf(instrument) is not var (kind, isAsked))
        {
            return null;
        }

        var name = PrometheusName.OfMetric(instrument.Name, instrument.Unit, kind);
        lock (_gate)
        {
            if (!_families.TryGetValue(name, out var family))
            {
                var bounds = kind == MetricKind.Histogram ? HistogramBuckets.Of(instrument) : [];
                family = new MetricFamily(name, instrument.Description ?? instrument.Name, kind, isAsked, bounds, _mostSeries);
                _families.Add(name, family);
            }

            return family.Kind == kind && family.IsAsked == isAsked ? family : null;
        }
    }

    private MetricFamily[] Families()
    {
        lock (_gate)
        {
            return [.. _families.Values];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Some gauges could not be read.")]
    private partial void LogNotObserved(Exception exception);
}
