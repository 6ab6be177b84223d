using System.Collections.Frozen;
using System.Text.Json;

namespace Personalization.Core.Schemas;

/// <summary>What the properties of events must look like, by type and version. Immutable.</summary>
public sealed class EventSchemas
{
    /// <summary>No type has a schema.</summary>
    public static readonly EventSchemas None = new(FrozenDictionary<string, IReadOnlyList<(int, SchemaNode)>>.Empty);

    private static readonly JsonElement NoProperties = JsonElement.Parse("{}");

    private readonly FrozenDictionary<string, IReadOnlyList<(int Version, SchemaNode Schema)>> _types;

    internal EventSchemas(FrozenDictionary<string, IReadOnlyList<(int Version, SchemaNode Schema)>> types) => _types = types;

    /// <summary>Says whether events of a type are judged at all.</summary>
    public bool Covers(string type) => _types.Count > 0 && _types.ContainsKey(type);

    /// <summary>Judges an event's properties.</summary>
    /// <param name="type">The event's type.</param>
    /// <param name="version">The version of the schema that the sender meant; 0 for the latest.</param>
    /// <param name="properties">The properties; undefined where the event has none.</param>
    /// <returns>What is wrong, with a path from the event's root; null where nothing is.</returns>
    public Problem? Check(string type, int version, JsonElement properties)
    {
        if (!_types.TryGetValue(type, out var versions))
        {
            return version == 0 ? null : new Problem("schemaVersion", "unknown_schema_version", $"There is no schema for events of type {type}.");
        }

        foreach (var (number, schema) in version == 0 ? [versions[^1]] : versions)
        {
            if (version == 0 || number == version)
            {
                var isThere = properties.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
                return SchemaValidator.Check(schema, isThere ? properties : NoProperties, "properties");
            }
        }

        return new Problem("schemaVersion", "unknown_schema_version", $"The schema of {type} has no version {version}; the latest is {versions[^1].Version}.");
    }

    /// <summary>Judges an event by its JSON text, as a door read it.</summary>
    /// <param name="type">The event's type.</param>
    /// <param name="version">The version of the schema that the sender meant; 0 for the latest.</param>
    /// <param name="utf8">The event, which was read and is good so far.</param>
    public Problem? Check(string type, int version, ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return Check(type, version, document.RootElement.TryGetProperty("properties", out var properties) ? properties : default);
    }
}
