using System.Text;
using Personalization.Cli.Yaml;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Mapping;

/// <summary>How rows of delimited text become events and catalog items, as a person wrote it down.</summary>
/// <remarks>Columns are only known once the data is opened, so <see cref="Bind"/> does the rest.</remarks>
internal sealed class MappingFile
{
    private readonly YamlSection _root;

    private MappingFile(YamlSection root)
    {
        _root = root.Allowing("delimiter", "encoding", "columns", "values", "event", "items", "training");
        Delimiter = ReadDelimiter();
        Encoding = ReadEncoding();
        Columns = root.Find("columns") switch
        {
            null => null,
            YamlSequenceNode names => [.. names.Select(root.Text)],
            var other => throw root.Wrong(other, "'columns' is a list of names."),
        };
    }

    /// <summary>Gets what stands between two columns.</summary>
    public char Delimiter { get; }

    /// <summary>Gets how the data is encoded, UTF-8 where nothing else is said.</summary>
    public Encoding Encoding { get; }

    /// <summary>Gets the columns' names; null where the first row of the data holds them.</summary>
    public IReadOnlyList<string>? Columns { get; }

    /// <summary>Gets whether catalog items are derived too.</summary>
    public bool HasItems => _root.Find("items") is not null;

    public static MappingFile Load(string file)
    {
        using var content = YamlFile.Open(file);
        return Load(file, content);
    }

    public static MappingFile Load(string file, TextReader content) => YamlFile.Documents(file, content) is [var root]
        ? new(YamlSection.Of(file, root, "A mapping file"))
        : throw new UserError($"{file}: a mapping file holds one YAML document.");

    /// <summary>Ties the mapping to the columns of the data.</summary>
    public RowMapper Bind(IReadOnlyList<string> columns) => new MappingBinder(_root, columns).Bind();

    /// <summary>Ties what the mapping says of training to the columns of the data.</summary>
    public OutcomeMapper BindTraining(IReadOnlyList<string> columns) => new MappingBinder(_root, columns).BindTraining();

    private char ReadDelimiter() => _root.FindText("delimiter") switch
    {
        null => ',',
        [var one] => one,
        _ => throw _root.Wrong(_root.Get("delimiter"), "'delimiter' is one character."),
    };

    private Encoding ReadEncoding()
    {
        var name = _root.FindText("encoding") ?? "utf-8";
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw _root.Wrong(_root.Get("encoding"), $"'{name}' is not an encoding. utf-8 and latin1 are.");
        }
    }
}
