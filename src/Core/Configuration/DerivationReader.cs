using System.Text.Json;
using Personalization.Core.Features;

namespace Personalization.Core.Configuration;

/// <summary>Reads how a declared feature is made of others.</summary>
internal sealed class DerivationReader(DocumentReader reader, ICollection<Problem> problems)
{
    private const int MostInputs = 16;
    private const int MostBounds = 100;
    private const double Most = 1e12;

    private static readonly string[] Words =
        ["sum", "difference", "product", "ratio", "trend", "mean", "min", "max", "log", "threshold", "buckets"];

    /// <summary>Reads it.</summary>
    /// <param name="type">What its value is.</param>
    public Derivation? Read(out FeatureType type)
    {
        var word = reader.Word("derive", Words);
        type = word == "threshold" ? FeatureType.Boolean : FeatureType.Number;
        var of = Names(word switch
        {
            "difference" or "ratio" or "trend" => (2, 2),
            "log" or "threshold" or "buckets" => (1, 1),
            _ => (1, MostInputs),
        });
        DerivationFormula? make = word switch
        {
            "sum" => static values => Sum(values),
            "difference" => static values => values[0] - values[1],
            "product" => static values => Product(values),
            "ratio" => Ratio(),
            "trend" => Trend(),
            "mean" => static values => Sum(values) / values.Length,
            "min" => static values => Least(values),
            "max" => static values => Greatest(values),
            "log" => static values => Math.Log(1 + values[0]),
            "threshold" => Threshold(),
            "buckets" => Buckets(),
            _ => null,
        };
        return make is null || of is null ? null : new Derivation(of, make);
    }

    private List<string>? Names((int Least, int Most) bounds)
    {
        if (reader.List("of", MostInputs, required: true) is not { } list)
        {
            return null;
        }

        if (list.Count < bounds.Least || list.Count > bounds.Most)
        {
            var wanted = bounds.Least == bounds.Most ? $"{bounds.Least}" : $"{bounds.Least} to {bounds.Most}";
            reader.Fault("of", "out_of_range", $"This is made of {wanted} features.");
            return null;
        }

        var names = new List<string>();
        foreach (var (json, path) in list)
        {
            if (json.ValueKind != JsonValueKind.String)
            {
                problems.Add(new Problem(path, "invalid_type", "This is the name of a feature, a JSON string."));
                return null;
            }

            names.Add(json.GetString()!);
        }

        return names;
    }

    private DerivationFormula Ratio()
    {
        var (successes, trials) = (0.0, 0.0);
        if (reader.Element("prior") is { } prior)
        {
            var part = new DocumentReader(prior, reader.PathOf("prior"), problems);
            successes = part.Number("add", 0, Most, required: true) ?? 0;
            trials = part.Number("to", 0, Most, required: true) ?? 0;
            part.Finish();
        }

        return values => (values[0] + successes) / (values[1] + trials);
    }

    private DerivationFormula Trend()
    {
        var share = reader.Number("share", 1e-9, 1, required: true) ?? 1;
        return values => (values[0] + 1) / ((values[1] * share) + 1);
    }

    private DerivationFormula Threshold()
    {
        var least = reader.Number("atLeast", -Most, Most, required: true) ?? 0;
        return values => values[0] >= least ? 1 : 0;
    }

    private DerivationFormula Buckets()
    {
        var bounds = new List<double>();
        foreach (var (json, path) in reader.List("bounds", MostBounds, required: true) ?? [])
        {
            if (json.ValueKind != JsonValueKind.Number || (bounds.Count > 0 && json.GetDouble() <= bounds[^1]))
            {
                problems.Add(new Problem(path, "out_of_range", "Bounds are numbers, each greater than the one before."));
                break;
            }

            bounds.Add(json.GetDouble());
        }

        return values =>
        {
            var bucket = 0;
            while (bucket < bounds.Count && values[0] >= bounds[bucket])
            {
                bucket++;
            }

            return bucket;
        };
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static double Product(ReadOnlySpan<double> values)
    {
        var product = 1.0;
        foreach (var value in values)
        {
            product *= value;
        }

        return product;
    }

    private static double Least(ReadOnlySpan<double> values)
    {
        var least = values[0];
        foreach (var value in values)
        {
            least = Math.Min(least, value);
        }

        return least;
    }

    private static double Greatest(ReadOnlySpan<double> values)
    {
        var greatest = values[0];
        foreach (var value in values)
        {
            greatest = Math.Max(greatest, value);
        }

        return greatest;
    }
}
