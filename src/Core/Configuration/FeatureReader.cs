using System.Text.Json;
using Personalization.Core.Conditions;
using Personalization.Core.Events;
using Personalization.Core.Features;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Configuration;

/// <summary>
/// Reads a declared feature: <c>{"derive": "ratio", "of": [names], …}</c> or
/// <c>{"accumulate": "sum", "event": type, "property"?, "where"?, "window"?}</c>, each with <c>description unit purposes default</c>.
/// </summary>
internal sealed class FeatureReader(ICollection<Problem> problems)
{
    private static readonly string[] Accumulations = [.. Enum.GetNames<Accumulation>().Select(name => name.ToLowerInvariant())];

    /// <summary>Reads one; null where it has faults.</summary>
    public CustomFeature? Read(string id, JsonElement json, string path)
    {
        var before = problems.Count;
        var reader = new DocumentReader(json, path, problems);
        var description = reader.Text("description", 1000);
        var unit = reader.Text("unit", 32) ?? "";
        var purposes = ReadPurposes(reader);
        var derive = reader.Element("derive");
        var accumulate = reader.Element("accumulate");
        if (derive is null == accumulate is null)
        {
            reader.Fault("derive", "required", "A feature says either derive or accumulate.");
            return null;
        }

        Derivation? derivation = null;
        ContributionRule? rule = null;
        var type = FeatureType.Number;
        if (derive is not null)
        {
            derivation = new DerivationReader(reader, problems).Read(out type);
        }
        else
        {
            rule = ReadRule(id, reader, purposes);
            type = rule?.How == Accumulation.Last ? FeatureType.Any : FeatureType.Number;
        }

        var standard = ReadDefault(reader, type, rule);
        reader.Finish();
        return problems.Count > before ? null : new CustomFeature
        {
            Id = id,
            Description = description ?? Describe(derivation, rule),
            Type = type,
            Unit = unit,
            Purposes = purposes,
            Default = standard,
            Derivation = derivation,
            Rule = rule,
        };
    }

    private ContributionRule? ReadRule(string id, DocumentReader reader, Purposes purposes)
    {
        var word = reader.Word("accumulate", Accumulations);
        var type = reader.Text("event", EventLimits.TypeLength, required: true);
        var property = reader.Text("property", EventLimits.PropertyNameLength, required: word is not null and not "count");
        var window = reader.Word("window", [.. Window.All.Select(shape => shape.Name), "total"]) ?? "30d";
        var where = reader.Element("where") is { } condition
            ? ConditionCompiler.Compile(condition, reader.PathOf("where"), EventPropertyBinder.Instance, problems)
            : null;
        if (word is null || type is null)
        {
            return null;
        }

        var how = Enum.Parse<Accumulation>(word, ignoreCase: true);
        if (how == Accumulation.Count && property is not null)
        {
            reader.Fault("property", "unknown_field", "A count counts events and reads no property of them.");
        }

        return new ContributionRule(
            id,
            EventTypes.Shared(type),
            how,
            (byte)(Window.IndexOf(window) is >= 0 and var index ? index : Window.All.Count),
            property is null ? null : EventPropertyBinder.Instance.Bind(property, out _),
            where,
            purposes);
    }

    private static AttributeValue ReadDefault(DocumentReader reader, FeatureType type, ContributionRule? rule)
    {
        if (reader.Element("default") is { } json)
        {
            var value = AttributeValue.FromJson(json);
            var fits = type switch
            {
                FeatureType.Boolean => value.Kind == AttributeKind.Boolean,
                FeatureType.Number => value.Kind == AttributeKind.Number && double.IsFinite(value.Number),
                _ => value.Kind is AttributeKind.Boolean or AttributeKind.Number or AttributeKind.Text,
            };
            if (!fits)
            {
                reader.Fault("default", "invalid_type", type switch
                {
                    FeatureType.Boolean => "The default of this feature is true or false.",
                    FeatureType.Number => "The default of this feature is a number.",
                    _ => "The default of this feature is a number, a text, true or false.",
                });
            }

            return value;
        }

        return type == FeatureType.Boolean ? AttributeValue.From(false)
            : rule?.How is Accumulation.Min or Accumulation.Max or Accumulation.Last ? AttributeValue.Missing
            : AttributeValue.From(0);
    }

    private static Purposes ReadPurposes(DocumentReader reader)
    {
        if (reader.List("purposes", 8) is not { } list)
        {
            return Purposes.Personalization;
        }

        var purposes = Purposes.None;
        foreach (var (json, _) in list)
        {
            var purpose = json.ValueKind == JsonValueKind.String ? Consent.Parse(JsonText.Of(json) ?? "") : Purposes.None;
            if (purpose == Purposes.None)
            {
                reader.Fault("purposes", "unknown_purpose", "The purposes are analytics, personalization, training, advertising and crossDevice.");
            }

            purposes |= purpose;
        }

        return purposes;
    }

    private static string Describe(Derivation? derivation, ContributionRule? rule) => derivation is not null
        ? $"Made of {string.Join(", ", derivation.Of)}."
        : $"The {rule?.How.ToString().ToLowerInvariant()} over events of type {rule?.EventType}.";
}
