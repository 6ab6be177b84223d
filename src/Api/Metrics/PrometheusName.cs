using System.Text;

namespace Personalization.Api.Metrics;

/// <summary>Names of .NET as names of Prometheus.</summary>
/// <remarks>
/// By the OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", section "Metric Metadata": what is no letter or digit
/// becomes one underscore, the unit follows in words unless the name ends with it (a unit in braces is left out, 1 makes a gauge a ratio),
/// then <c>_total</c> for counters.
/// </remarks>
internal static class PrometheusName
{
    public static string OfMetric(string name, string? unit, MetricKind kind)
    {
        var text = Plain(name);
        if (kind == MetricKind.Counter && text.EndsWith("_total", StringComparison.Ordinal))
        {
            text = text[..^"_total".Length];
        }

        var suffix = unit == "1" ? (kind == MetricKind.Gauge ? "ratio" : "") : Unit(unit ?? "");
        if (suffix.Length > 0 && !text.EndsWith("_" + suffix, StringComparison.Ordinal))
        {
            text += "_" + suffix;
        }

        return kind == MetricKind.Counter ? text + "_total" : text;
    }

    /// <summary>Names a label. Never one that Prometheus keeps for itself.</summary>
    public static string OfLabel(string tag)
    {
        // A label has no colon; only metrics do. One leading underscore at most: two are Prometheus's own.
        var text = Plain(tag).Replace(':', '_');
        return text is "le" or "quantile" ? "tag_" + text : text;
    }

    private static string Plain(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var letter in name)
        {
            var isPlain = char.IsAsciiLetterOrDigit(letter) || letter == ':';
            if (text.Length == 0 && (char.IsAsciiDigit(letter) || !isPlain))
            {
                text.Append('_');
            }

            if (isPlain)
            {
                text.Append(letter);
            }
            else if (text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.Length == 0 ? "_" : text.ToString();
    }

    private static string Unit(string unit)
    {
        var (braces, slash) = (unit.IndexOf('{', StringComparison.Ordinal), unit.IndexOf('/', StringComparison.Ordinal));
        if (braces >= 0 && unit.IndexOf('}', braces) is var end and >= 0)
        {
            return Unit(unit.Remove(braces, end + 1 - braces));
        }

        if (slash < 0)
        {
            return Word(unit);
        }

        var (of, per) = (Word(unit[..slash]), unit[(slash + 1)..]);
        per = per switch
        {
            "s" => "second",
            "m" => "minute",
            "h" => "hour",
            "d" => "day",
            _ => Plain(per),
        };
        return per == "_" ? of : of.Length == 0 ? "per_" + per : of + "_per_" + per;
    }

    private static string Word(string unit) => unit switch
    {
        "" => "",
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        _ => Plain(unit).Trim('_'),
    };
}
