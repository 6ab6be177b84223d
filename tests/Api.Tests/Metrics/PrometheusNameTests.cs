using Personalization.Api.Metrics;
using Personalization.Deploy.Tests;

namespace Personalization.Api.Tests.Metrics;

public sealed class PrometheusNameTests
{
    [Theory]
    [InlineData("personalization.kafka.lag", "{record}", nameof(MetricKind.Gauge), "personalization_kafka_lag")]
    [InlineData("personalization.kafka.buffered", "By", nameof(MetricKind.Gauge), "personalization_kafka_buffered_bytes")]
    [InlineData("personalization.kafka.records.missing", "{record}", nameof(MetricKind.Counter), "personalization_kafka_records_missing_total")]
    [InlineData("orleans-app-requests-latency-bucket", null, nameof(MetricKind.Counter), "orleans_app_requests_latency_bucket_total")]
    [InlineData("orleans-catalog-activations", null, nameof(MetricKind.UpDownCounter), "orleans_catalog_activations")]
    public void Instruments_are_named_as_the_dashboards_ask_for_them(string name, string? unit, string kind, string expected)
    {
        Assert.Equal(expected, PrometheusName.OfMetric(name, unit, Enum.Parse<MetricKind>(kind)));
        Assert.Contains(expected, MetricNames.All);
    }

    [Theory]
    [InlineData("orleans-storage-read-latency", "ms", nameof(MetricKind.Histogram), "orleans_storage_read_latency_milliseconds")]
    [InlineData("a.b--c", "", nameof(MetricKind.Gauge), "a_b_c")]
    [InlineData("1st", "", nameof(MetricKind.Gauge), "_1st")]
    [InlineData("made_total", "", nameof(MetricKind.Counter), "made_total")]
    [InlineData("used.bytes", "By", nameof(MetricKind.Gauge), "used_bytes")]
    [InlineData("cpu.time", "s", nameof(MetricKind.Counter), "cpu_time_seconds_total")]
    [InlineData("share", "1", nameof(MetricKind.Gauge), "share_ratio")]
    [InlineData("share", "1", nameof(MetricKind.Counter), "share_total")]
    [InlineData("share", "%", nameof(MetricKind.Gauge), "share_percent")]
    [InlineData("speed", "By/s", nameof(MetricKind.Gauge), "speed_bytes_per_second")]
    [InlineData("speed", "{event}/s", nameof(MetricKind.Gauge), "speed_per_second")]
    public void A_name_is_spelt_as_OpenTelemetry_specifies(string name, string unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusName.OfMetric(name, unit, Enum.Parse<MetricKind>(kind)));
}
