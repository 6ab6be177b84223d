using Personalization.Cli.Events;
using Personalization.Cli.Files;
using Personalization.Cli.Mapping;

namespace Personalization.Cli.Replay;

/// <summary>Reads the catalog that a file's rows imply: each item once, as the first row that names it describes it.</summary>
internal static class ItemSource
{
    public static IReadOnlyCollection<Item> Read(InputFile file, MappingFile mapping)
    {
        var items = new Dictionary<string, Item>(StringComparer.Ordinal);

        // A row that makes no item is reported when its event is sent; a second report would only confuse.
        foreach (var item in MappedRows.Read(file, mapping, (mapper, row, _) => mapper.Item(row), (_, _) => { }))
        {
            items.TryAdd(item!.Id, item);
        }

        return items.Values;
    }
}
