using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Apply;

/// <summary>One thing that a file configures, and where it stands there.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">Where in the file: <c>experiments.hero</c>, <c>items[3]</c>.</param>
/// <param name="Body">What is sent.</param>
/// <param name="Node">Where it was read from, for its lines; null where the file is JSON.</param>
internal sealed record ConfigurationEntry(string File, string Path, JsonNode? Body, YamlNode? Node)
{
    /// <summary>Gets where it begins, for a person.</summary>
    public string Place => Node is null ? File : $"{File}:{Node.Start.Line}";

    /// <summary>Finds the place of something inside, as near as the file has it.</summary>
    /// <param name="rest">The path from here: <c>.variants[1].weight</c>.</param>
    public string PlaceOf(string rest)
    {
        var node = Node;
        while (node is not null && rest.Length > 0 && DocumentPath.Step(node, ref rest) is { } inner)
        {
            node = inner;
        }

        return node is null ? File : $"{File}:{node.Start.Line}";
    }
}
