using System.Text.Json;
using Personalization.Core.Catalog;

namespace Personalization.Core.Configuration;

/// <summary>Reads several documents and items at once: <c>{"segments": {id: …}, "experiences": {…}, "placements": {…}, "experiments": {…}, "features": {…}, "settings": {…}, "items": […]}</c>.</summary>
public static class ChangeReader
{
    /// <summary>Reads a change; what is wrong is added to <paramref name="problems"/>.</summary>
    public static ConfigurationChange Read(JsonElement json, ICollection<Problem> problems)
    {
        if (!DocumentReader.IsText(json, "", problems))
        {
            return new ConfigurationChange();
        }

        var reader = new DocumentReader(json, "", problems);
        var put = new List<(ConfigurationKind, string, JsonElement)>();
        foreach (var kind in ConfigurationKinds.All)
        {
            if (reader.Element(kind.PluralName()) is not { } documents)
            {
                continue;
            }

            if (documents.ValueKind != JsonValueKind.Object)
            {
                reader.Fault(kind.PluralName(), "invalid_type", "This is a JSON object that maps ids to documents.");
                continue;
            }

            var ids = new HashSet<string>(StringComparer.Ordinal);
            foreach (var document in documents.EnumerateObject())
            {
                var path = Problem.Under(kind.PluralName(), document.Name);
                CheckId(document.Name, path, problems);
                if (!ids.Add(document.Name))
                {
                    problems.Add(new Problem(path, "duplicate", $"The document \"{document.Name}\" is there twice."));
                }

                put.Add((kind, document.Name, document.Value));
            }
        }

        var items = Items(reader, problems);
        reader.Finish();
        return new ConfigurationChange { Put = put, PutItems = items };
    }

    /// <summary>Reads <c>{"items": […]}</c>; what is wrong is added to <paramref name="problems"/>.</summary>
    public static ConfigurationChange ReadItems(JsonElement json, ICollection<Problem> problems)
    {
        if (!DocumentReader.IsText(json, "", problems))
        {
            return new ConfigurationChange();
        }

        var reader = new DocumentReader(json, "", problems);
        var items = Items(reader, problems, required: true);
        reader.Finish();
        return new ConfigurationChange { PutItems = items };
    }

    /// <summary>Checks the id of a document: 1 to 128 characters, letters, digits and <c>. _ : -</c>.</summary>
    public static void CheckId(string id, string path, ICollection<Problem> problems)
    {
        if (id.Length is 0 or > 128 || id.Any(character => !char.IsAsciiLetterOrDigit(character) && "._:-".IndexOf(character) < 0))
        {
            problems.Add(new Problem(path, "invalid_id", "An id has 1 to 128 letters, digits, dots, underscores, colons and hyphens."));
        }
    }

    private static List<Item> Items(DocumentReader reader, ICollection<Problem> problems, bool required = false)
    {
        var items = new List<Item>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (element, path) in reader.List("items", ItemReader.MostItems, required) ?? [])
        {
            if (ItemReader.ReadText(element, path, problems) is not { } item)
            {
                continue;
            }

            if (!ids.Add(item.Id))
            {
                problems.Add(new Problem(Problem.Under(path, "id"), "duplicate", $"The item \"{item.Id}\" is there twice."));
            }

            items.Add(item);
        }

        return items;
    }
}
