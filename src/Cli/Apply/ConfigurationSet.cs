using System.Text.Json;
using System.Text.Json.Nodes;
using Personalization.Cli.Http;

namespace Personalization.Cli.Apply;

/// <summary>What several files configure together: each id once.</summary>
internal sealed class ConfigurationSet
{
    private readonly Dictionary<string, Dictionary<string, ConfigurationEntry>> _sections = ConfigurationFile.Sections
        .ToDictionary(section => section, _ => new Dictionary<string, ConfigurationEntry>(StringComparer.Ordinal));

    private readonly List<ConfigurationEntry> _items = [];
    private readonly Dictionary<string, ConfigurationEntry> _itemsById = new(StringComparer.Ordinal);

    /// <summary>Adds what a file configures.</summary>
    /// <exception cref="UserError">An id is already there; the message names both places.</exception>
    public void Add(IEnumerable<(string Section, string? Id, ConfigurationEntry Entry)> entries)
    {
        foreach (var (section, id, entry) in entries)
        {
            var isItem = section == ConfigurationFile.Items;
            var known = isItem ? _itemsById : _sections[section];
            if (id is not null && !known.TryAdd(id, entry))
            {
                throw new UserError($"{entry.Place}: {section} '{id}' is already defined in {known[id].Place}.");
            }

            if (isItem)
            {
                _items.Add(entry);
            }
        }
    }

    /// <summary>Writes the one request that applies all of it.</summary>
    public byte[] ToRequest()
    {
        var root = new JsonObject();
        foreach (var (section, entries) in _sections.Where(section => section.Value.Count > 0))
        {
            root[section] = new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Body?.DeepClone())));
        }

        root[ConfigurationFile.Items] = new JsonArray([.. _items.Select(item => item.Body?.DeepClone())]);
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(root, JsonContext.Default.JsonNode);
    }

    /// <summary>Says what is wrong in terms of the files: place, path in that file, and why.</summary>
    public string Explain(ProblemEntry error)
    {
        var rest = error.Path ?? "";
        var entry = EntryAt(ref rest);
        return entry is null ? error.InOneLine() : $"{entry.PlaceOf(rest)}: {(error with { Path = entry.Path + rest }).InOneLine()}";
    }

    // Leaves in the path what lies below the entry.
    private ConfigurationEntry? EntryAt(ref string path)
    {
        var section = DocumentPath.TakeName(ref path, [.. ConfigurationFile.Sections, ConfigurationFile.Items]);
        if (section == ConfigurationFile.Items)
        {
            return DocumentPath.TakeIndex(ref path) is { } index ? _items.ElementAtOrDefault(index) : null;
        }

        if (section is null || !path.StartsWith('.'))
        {
            return null;
        }

        path = path[1..];
        return DocumentPath.TakeName(ref path, _sections[section].Keys) is { } id ? _sections[section][id] : null;
    }
}
