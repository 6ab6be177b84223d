using System.Text.Json;
using System.Text.Json.Nodes;
using Personalization.Cli.Yaml;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Apply;

/// <summary>Reads what a YAML or JSON file configures.</summary>
internal static class ConfigurationFile
{
    /// <summary>The sections that map ids to bodies. The section <see cref="Items"/> is a list.</summary>
    public static readonly IReadOnlyList<string> Sections = ["segments", "experiences", "placements", "experiments", "predictors", "features", "settings", "schemas", "retention"];

    public const string Items = "items";

    private static readonly JsonDocumentOptions JsonOptions = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads a file; a YAML file may hold several documents.</summary>
    /// <returns>Each entry with its section and its id; items have the id that their body says, if any.</returns>
    public static IEnumerable<(string Section, string? Id, ConfigurationEntry Entry)> Read(string file)
    {
        using var content = YamlFile.Open(file);
        return file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? [.. JsonEntries(file, content.ReadToEnd())]
            : Read(file, content);
    }

    /// <summary>Reads YAML.</summary>
    public static IReadOnlyList<(string Section, string? Id, ConfigurationEntry Entry)> Read(string file, TextReader yaml)
    {
        var itemsBefore = 0;
        var entries = new List<(string Section, string? Id, ConfigurationEntry Entry)>();
        foreach (var document in YamlFile.Documents(file, yaml).Where(document => !CoreSchema.IsNull(document)))
        {
            entries.AddRange(YamlEntries(file, document, itemsBefore));
            itemsBefore = entries.Count(entry => entry.Section == Items);
        }

        return entries;
    }

    private static IEnumerable<(string, string?, ConfigurationEntry)> YamlEntries(string file, YamlNode document, int itemsBefore)
    {
        var root = YamlSection.Of(file, document, "A configuration").Allowing([.. Sections, Items]);
        foreach (var (section, node) in root.Members.Where(member => !CoreSchema.IsNull(member.Node)))
        {
            if (section != Items)
            {
                foreach (var (id, body) in root.Section(node, $"'{section}'").Members)
                {
                    yield return (section, id, new(file, $"{section}.{id}", YamlToJson.Convert(file, body), body));
                }

                continue;
            }

            var list = node as YamlSequenceNode ?? throw root.Wrong(node, "'items' is a list.");
            foreach (var (index, item) in list.Children.Index())
            {
                var body = YamlToJson.Convert(file, item);
                yield return (Items, IdOf(body), new(file, $"items[{itemsBefore + index}]", body, item));
            }
        }
    }

    private static IEnumerable<(string, string?, ConfigurationEntry)> JsonEntries(string file, string text)
    {
        var root = Parse(file, text) as JsonObject ?? throw new UserError($"{file}: a configuration is an object of sections.");
        foreach (var (section, node) in root)
        {
            if (section == Items)
            {
                var list = node as JsonArray ?? throw new UserError($"{file}: 'items' is a list.");
                foreach (var (index, item) in list.Index())
                {
                    yield return (Items, IdOf(item), new(file, $"items[{index}]", item?.DeepClone(), null));
                }
            }
            else if (Sections.Contains(section))
            {
                foreach (var (id, body) in node as JsonObject ?? throw new UserError($"{file}: '{section}' maps ids to bodies."))
                {
                    yield return (section, id, new(file, $"{section}.{id}", body?.DeepClone(), null));
                }
            }
            else
            {
                throw new UserError($"{file}: '{section}' means nothing here. These do: {string.Join(", ", Sections.Append(Items))}.");
            }
        }
    }

    private static JsonNode? Parse(string file, string text)
    {
        try
        {
            return JsonNode.Parse(text, null, JsonOptions);
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? FormattableString.Invariant($":{number + 1}") : "";
            throw new UserError($"{file}{line}: this is not JSON: {exception.Message}", exception);
        }
    }

    private static string? IdOf(JsonNode? item) =>
        item is JsonObject body && body["id"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : null;
}
