using System.Globalization;
using System.Text.RegularExpressions;

namespace Personalization.Api.Tests.Metrics;

/// <summary>Prometheus text, 0.0.4, read as strictly as its documentation words it: a fault throws with its line.</summary>
/// <remarks>prometheus.io/docs/instrumenting/exposition_formats, "Text format details" and "Grouping and sorting".</remarks>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    private Exposition()
    {
    }

    /// <summary>Gets the type of each metric.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Helps { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the names that samples have.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, double>> Samples => _samples;

    /// <summary>Gets a sample by how it is written, labels in the order of their names.</summary>
    public double this[string sample] =>
        _samples.TryGetValue(sample, out var value) ? value : throw new KeyNotFoundException($"{sample} is not among\n{string.Join('\n', _samples.Keys)}");

    public static Exposition Read(string text)
    {
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("The last line does not end.");
        }

        var exposition = new Exposition();
        var metric = "";
        foreach (var line in text[..^1].Split('\n'))
        {
            metric = exposition.Take(line, metric);
        }

        exposition.CheckHistograms();
        return exposition;
    }

    public bool Has(string sample) => _samples.ContainsKey(sample);

    [GeneratedRegex("""^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<help>(?:[^\\]|\\\\|\\n)*)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*")(,(?<label>[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*"))*\})? (?<value>\S+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    /// <summary>Takes a line in and says which metric it belongs to.</summary>
    private string Take(string line, string metric)
    {
        if (Help().Match(line) is { Success: true } help)
        {
            return Helps.TryAdd(help.Groups["name"].Value, help.Groups["help"].Value)
                ? help.Groups["name"].Value
                : throw new FormatException($"Told twice: {line}");
        }

        if (Type().Match(line) is { Success: true } type)
        {
            return type.Groups["name"].Value == metric && Types.TryAdd(metric, type.Groups["type"].Value)
                ? metric
                : throw new FormatException($"Not behind its HELP: {line}");
        }

        var sample = Sample().Match(line);
        if (!sample.Success)
        {
            throw new FormatException($"Not a line of the format: {line}");
        }

        var name = sample.Groups["name"].Value;
        string[] parts = Types[metric] == "histogram" ? [metric + "_bucket", metric + "_sum", metric + "_count"] : [metric];
        if (!parts.Contains(name))
        {
            throw new FormatException($"Not of {metric}: {line}");
        }

        var labels = sample.Groups["label"].Captures.Select(label => label.Value).ToArray();
        if (labels.Select(label => label[..label.IndexOf('=', StringComparison.Ordinal)]).Distinct().Count() != labels.Length)
        {
            throw new FormatException($"A label twice: {line}");
        }

        Names.Add(name);
        var key = labels.Length == 0 ? name : $"{name}{{{string.Join(',', labels.Order(StringComparer.Ordinal))}}}";
        return _samples.TryAdd(key, Number(sample.Groups["value"].Value)) ? metric : throw new FormatException($"Told twice: {line}");
    }

    private static double Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
    };

    // Buckets grow with their bounds, and the last, without one, is the count.
    private void CheckHistograms()
    {
        foreach (var name in Types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            var series = _samples.Where(sample => sample.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal)).GroupBy(sample => Bound().Replace(sample.Key, ""));
            foreach (var one in series)
            {
                var buckets = one.Select(sample => (Bound: Number(Bound().Match(sample.Key).Groups["bound"].Value), sample.Value)).ToArray();
                Assert.Equal(buckets.OrderBy(bucket => bucket.Bound), buckets);
                Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
                Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
                var count = one.Key.Replace(name + "_bucket", name + "_count", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal);
                Assert.Equal(buckets[^1].Value, this[count]);
                Assert.True(Has(count.Replace(name + "_count", name + "_sum", StringComparison.Ordinal)));
            }
        }
    }

    // With the comma on one side of it, so that what is left is as the count has it.
    [GeneratedRegex("""(?<=\{)le="(?<bound>[^"]*)",?|,le="(?<bound>[^"]*)"(?=[,}])""", RegexOptions.ExplicitCapture)]
    private static partial Regex Bound();
}
