using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Yaml;

/// <summary>Converts YAML to the JSON it stands for.</summary>
internal static class YamlToJson
{
    // As deep as System.Text.Json reads; also what ends an alias that contains itself.
    private const int Depth = 64;

    /// <exception cref="UserError">The node stands for something that JSON lacks; the message names the file and line.</exception>
    public static JsonNode? Convert(string file, YamlNode node) => Convert(file, node, Depth);

    private static JsonNode? Convert(string file, YamlNode node, int depth)
    {
        if (depth == 0)
        {
            throw YamlFile.Wrong(file, node, $"This is nested more than {Depth} deep.");
        }

        switch (node)
        {
            case YamlScalarNode scalar:
                try
                {
                    return CoreSchema.Resolve(scalar);
                }
                catch (FormatException exception)
                {
                    throw YamlFile.Wrong(file, node, exception.Message);
                }

            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Select(element => Convert(file, element, depth - 1))]);

            default:
                return new JsonObject(YamlSection.Of(file, node, "This")
                    .Members
                    .Select(member => KeyValuePair.Create(member.Name, Convert(file, member.Node, depth - 1))));
        }
    }
}
