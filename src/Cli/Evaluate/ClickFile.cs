using Personalization.Cli.Events;
using Personalization.Cli.Files;
using Personalization.Cli.Mapping;

namespace Personalization.Cli.Evaluate;

/// <summary>The clicks of a file and the catalog they imply.</summary>
/// <param name="Clicks">Every click, in the order of the file.</param>
/// <param name="Items">Every item by its id.</param>
internal sealed record ClickFile(IReadOnlyList<Event> Clicks, IReadOnlyDictionary<string, Item> Items)
{
    private const string BuiltInMapping = "eshop.mapping.yaml";

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="UserError">A row can't be mapped: an evaluation on part of the data would not be comparable.</exception>
    public static ClickFile Read(string path, MappingFile mapping)
    {
        using var file = new InputFile(path);
        var items = new Dictionary<string, Item>(StringComparer.Ordinal);
        var clicks = MappedRows.Read(
            file,
            mapping,
            (mapper, row, line) =>
            {
                var click = mapper.Event(row);
                if (click.Timestamp is null)
                {
                    throw new RowError("without a timestamp a click can't be split into training and test");
                }

                if (click.ItemId is { } id)
                {
                    items.TryAdd(id, mapper.Item(row) ?? new Item { Id = id });
                }

                return click;
            },
            (line, why) => throw new UserError($"{path}:{line}: {why}"));
        return new(clicks.ToList(), items);
    }

    /// <summary>Loads a mapping, or the one of the e-shop's clickstream where none is named.</summary>
    public static MappingFile LoadMapping(string? path)
    {
        if (path is not null)
        {
            return MappingFile.Load(path);
        }

        using var content = new StreamReader(typeof(ClickFile).Assembly.GetManifestResourceStream(BuiltInMapping)!);
        return MappingFile.Load(BuiltInMapping, content);
    }
}
