namespace Personalization.Api.Metrics;

/// <summary>What a metric's numbers mean, as Prometheus tells them apart.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>A sum that falls too; for Prometheus a gauge.</summary>
    UpDownCounter,

    /// <summary>The last value.</summary>
    Gauge,

    /// <summary>How many values lie at or below each of some bounds.</summary>
    Histogram,
}
