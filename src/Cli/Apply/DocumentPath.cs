using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Apply;

/// <summary>Reads paths such as <c>experiments.hero.variants[1].weight</c>, in which a name may hold dots itself.</summary>
internal static class DocumentPath
{
    /// <summary>Takes one of the known names off the front of a path; the longest that fits.</summary>
    /// <returns>The name, or null where none fits; the path is then left as it was.</returns>
    public static string? TakeName(ref string path, IEnumerable<string> known)
    {
        var whole = path;
        var name = known
            .Where(candidate => whole.StartsWith(candidate, StringComparison.Ordinal)
                && (whole.Length == candidate.Length || whole[candidate.Length] is '.' or '['))
            .MaxBy(candidate => candidate.Length);
        path = name is null ? path : path[name.Length..];
        return name;
    }

    /// <summary>Takes <c>[n]</c> off the front of a path.</summary>
    /// <returns>The index, or null where the path doesn't begin with one; it is then left as it was.</returns>
    public static int? TakeIndex(ref string path)
    {
        var close = path.IndexOf(']', StringComparison.Ordinal);
        if (!path.StartsWith('[') || close < 0
            || !int.TryParse(path.AsSpan(1, close - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return null;
        }

        path = path[(close + 1)..];
        return index;
    }

    /// <summary>Follows a path one step down a YAML tree.</summary>
    /// <returns>The node there, or null where the tree ends; the path is then left as it was.</returns>
    public static YamlNode? Step(YamlNode node, ref string path)
    {
        var rest = path;
        YamlNode? found = null;
        switch (node)
        {
            case YamlSequenceNode sequence when TakeIndex(ref rest) is { } index:
                found = sequence.Children.ElementAtOrDefault(index);
                break;
            case YamlMappingNode mapping when rest.StartsWith('.'):
                rest = rest[1..];
                var name = TakeName(ref rest, mapping.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? ""));
                found = name is null ? null : mapping.Children[new YamlScalarNode(name)];
                break;
        }

        path = found is null ? path : rest;
        return found;
    }
}
