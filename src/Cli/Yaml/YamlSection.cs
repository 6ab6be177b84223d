using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Yaml;

/// <summary>One mapping of a YAML file, whose members are asked for by name.</summary>
internal sealed class YamlSection
{
    private readonly string _file;
    private readonly YamlMappingNode _node;

    private YamlSection(string file, YamlMappingNode node)
    {
        _file = file;
        _node = node;
    }

    /// <summary>Gets the members in the order they are written.</summary>
    public IEnumerable<(string Name, YamlNode Node)> Members => _node.Children.Select(child => (NameOf(child.Key), child.Value));

    /// <summary>Reads a node as a mapping.</summary>
    public static YamlSection Of(string file, YamlNode node, string what) => node is YamlMappingNode mapping
        ? new(file, mapping)
        : throw YamlFile.Wrong(file, node, $"{what} is a mapping of names to values.");

    /// <summary>Refuses misspelled members before any is read.</summary>
    public YamlSection Allowing(params string[] names)
    {
        foreach (var (name, node) in Members)
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                throw Wrong(node, $"'{name}' means nothing here. These do: {string.Join(", ", names)}.");
            }
        }

        return this;
    }

    public YamlNode? Find(string name) => Members.FirstOrDefault(member => member.Name == name).Node;

    public YamlNode Get(string name) => Find(name) ?? throw Wrong(_node, $"'{name}' is missing.");

    public YamlSection? FindSection(string name) => Find(name) is { } node ? Of(_file, node, $"'{name}'") : null;

    public string? FindText(string name) => Find(name) is { } node ? Text(node) : null;

    public string Text(YamlNode node) =>
        node is YamlScalarNode { Value: { } text } ? text : throw Wrong(node, "A single value is expected here.");

    /// <summary>Gets the JSON that a node of the same file stands for.</summary>
    public JsonNode? Json(YamlNode node) => YamlToJson.Convert(_file, node);

    public UserError Wrong(YamlNode node, string what) => YamlFile.Wrong(_file, node, what);

    public YamlSection Section(YamlNode node, string what) => Of(_file, node, what);

    private string NameOf(YamlNode key) => key is YamlScalarNode { Value: { } name } ? name : throw Wrong(key, "A name is a single value.");
}
