using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Personalization.Deploy.Tests;

/// <summary>Reads YAML as the JSON it stands for: aliases and merge keys resolved, plain scalars typed as YAML 1.2's core schema types them.</summary>
internal static class Yaml
{
    /// <summary>Reads every document of a file below <c>deploy/</c>. A duplicate key or a broken line throws with its place.</summary>
    public static IReadOnlyList<JsonNode> Documents(string relativePath) => Parse(DeployFolder.Read(relativePath));

    public static JsonNode Document(string relativePath) => Documents(relativePath).Single();

    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonNode>()];
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => Convert(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value!),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException($"{node.NodeType} at {node.Start}"),
    };

    private static JsonObject Convert(YamlMappingNode mapping)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            if (((YamlScalarNode)key).Value == "<<")
            {
                continue;
            }

            result[((YamlScalarNode)key).Value!] = Convert(value);
        }

        // What the mapping says itself wins over what is merged into it.
        foreach (var merged in mapping.Children.Where(pair => ((YamlScalarNode)pair.Key).Value == "<<").Select(pair => (JsonObject)Convert(pair.Value)!))
        {
            foreach (var (name, value) in merged)
            {
                if (!result.ContainsKey(name))
                {
                    result[name] = value?.DeepClone();
                }
            }
        }

        return result;
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => integer,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };
}
