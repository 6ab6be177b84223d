using System.Buffers;
using System.Text.Json;
using Personalization.Core.Catalog;

namespace Personalization.Core.Configuration;

/// <summary>Writes whole configurations and changes of them as JSON, for hosts that send or store them in one piece.</summary>
public static class ConfigurationCodec
{
    /// <summary>Writes every document and item, with their revisions.</summary>
    public static byte[] Write(ConfigurationState state) => ToBytes(json =>
    {
        json.WriteNumber("revision", state.Plan.Revision);
        json.WriteStartArray("documents");
        foreach (var document in state.Set.Documents)
        {
            json.WriteStartObject();
            json.WriteString("kind", document.Kind.PluralName());
            json.WriteString("id", document.Id);
            json.WriteNumber("revision", document.Revision);
            json.WritePropertyName("body");
            document.Body.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteItems(json, state.Plan.Catalog.Items);
    });

    /// <summary>Reads and compiles what <see cref="Write(ConfigurationState)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It does not compile: it was written by another version, or damaged.</exception>
    public static ConfigurationState Read(ReadOnlyMemory<byte> bytes, Vocabulary words)
    {
        using var document = Parse(bytes);
        var root = document.RootElement;
        return ConfigurationState.Restore(
            root.GetProperty("documents").EnumerateArray().Select(entry => new ConfigurationDocument(
                KindOf(entry),
                entry.GetProperty("id").GetString()!,
                entry.GetProperty("body").Clone(),
                entry.GetProperty("revision").GetInt64())).ToArray(),
            ReadItems(root),
            root.GetProperty("revision").GetInt64(),
            words);
    }

    /// <summary>Writes a change.</summary>
    public static byte[] Write(ConfigurationChange change) => ToBytes(json =>
    {
        if (change.IfRevision is { } revision)
        {
            json.WriteNumber("ifRevision", revision);
        }

        json.WriteBoolean("dryRun", change.DryRun);
        json.WriteStartArray("put");
        foreach (var (kind, id, body) in change.Put)
        {
            WriteKey(json, kind, id);
            json.WritePropertyName("body");
            body.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("remove");
        foreach (var (kind, id) in change.Remove)
        {
            WriteKey(json, kind, id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("removeItems");
        foreach (var id in change.RemoveItems)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
        WriteItems(json, change.PutItems);
    });

    /// <summary>Reads a change that <see cref="Write(ConfigurationChange)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no change.</exception>
    public static ConfigurationChange ReadChange(ReadOnlyMemory<byte> bytes)
    {
        using var document = Parse(bytes);
        var root = document.RootElement;
        return new ConfigurationChange
        {
            IfRevision = root.TryGetProperty("ifRevision", out var revision) ? revision.GetInt64() : null,
            DryRun = root.GetProperty("dryRun").GetBoolean(),
            Put = [.. root.GetProperty("put").EnumerateArray().Select(entry => (KindOf(entry), entry.GetProperty("id").GetString()!, entry.GetProperty("body").Clone()))],
            Remove = [.. root.GetProperty("remove").EnumerateArray().Select(entry => (KindOf(entry), entry.GetProperty("id").GetString()!))],
            RemoveItems = [.. root.GetProperty("removeItems").EnumerateArray().Select(id => id.GetString()!)],
            PutItems = ReadItems(root),
        };
    }

    private static void WriteKey(Utf8JsonWriter json, ConfigurationKind kind, string id)
    {
        json.WriteStartObject();
        json.WriteString("kind", kind.PluralName());
        json.WriteString("id", id);
    }

    private static void WriteItems(Utf8JsonWriter json, IEnumerable<Item> items)
    {
        json.WriteStartArray("items");
        foreach (var item in items)
        {
            ItemWriter.Write(json, item);
        }

        json.WriteEndArray();
    }

    private static Item[] ReadItems(JsonElement root)
    {
        var problems = new List<Problem>();
        var items = root.GetProperty("items").EnumerateArray().Select(item => ItemReader.Read(item, "items", problems)).ToArray();
        return problems.Count == 0 ? [.. items.OfType<Item>()] : throw new InvalidDataException($"{problems[0].Path}: {problems[0].Detail}");
    }

    private static ConfigurationKind KindOf(JsonElement entry) =>
        ConfigurationKinds.Parse(entry.GetProperty("kind").GetString()!) ?? throw new InvalidDataException("A document is of an unknown kind.");

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException damage)
        {
            throw new InvalidDataException("The configuration is not JSON.", damage);
        }
    }

    private static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
