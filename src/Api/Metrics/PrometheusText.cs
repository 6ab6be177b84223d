using System.Buffers;
using System.Globalization;
using System.Text;

namespace Personalization.Api.Metrics;

/// <summary>Prometheus's text exposition format, 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes tags as labels, sorted by name, without braces. A label without a value is no label.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return "";
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var text = Value(value);
            if (text.Length > 0)
            {
                // Names that differ only in what a label can't have: both values, as OpenTelemetry joins them.
                var name = PrometheusName.OfLabel(key);
                labels[name] = labels.TryGetValue(name, out var other) ? other + ";" + text : text;
            }
        }

        return string.Join(',', labels.Select(label => $"{label.Key}=\"{Escape(label.Value).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
    }

    /// <summary>Writes a bucket's bound as a label has it.</summary>
    public static string Bound(double bound) => bound.ToString(CultureInfo.InvariantCulture).Replace('E', 'e');

    public static void Head(IBufferWriter<byte> output, string name, string help, MetricKind kind)
    {
        var type = kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
        Write(output, $"# HELP {name} {Escape(help)}\n# TYPE {name} {type}\n");
    }

    public static void Sample(IBufferWriter<byte> output, string name, string part, string labels, double value)
    {
        Write(output, name);
        Write(output, part);
        if (labels.Length > 0)
        {
            Write(output, "{");
            Write(output, labels);
            Write(output, "}");
        }

        Write(output, " ");
        WriteNumber(output, value);
        Write(output, "\n");
    }

    private static void WriteNumber(IBufferWriter<byte> output, double value)
    {
        if (!double.IsFinite(value))
        {
            Write(output, double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
            return;
        }

        value.TryFormat(output.GetSpan(32), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static string Value(object? value) => value switch
    {
        null => "",
        string text => text,
        true => "true",
        false => "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
