using System.Buffers;
using System.Text.Json;
using Personalization.Core.Schemas;

namespace Personalization.Core.Configuration;

/// <summary>Works out the change that publishes the next version of an event type's schema.</summary>
public static class SchemaPublication
{
    /// <summary>Gives the versions of a type's schema, ascending; none where there are none.</summary>
    public static IReadOnlyList<(int Version, JsonElement Schema)> VersionsOf(ConfigurationSet set, string type) =>
        set.Find(ConfigurationKind.Schema, type) is { } document ? [.. SchemaReader.VersionsOf(document)] : [];

    /// <summary>Checks a schema, and makes the change that adds it as the next version.</summary>
    /// <param name="set">The documents.</param>
    /// <param name="type">The events' type.</param>
    /// <param name="schema">The schema. One that is the latest already is not published again.</param>
    /// <param name="isCompatible">Whether all that the latest version takes must stay valid.</param>
    /// <param name="problems">All that is wrong, with paths in the schema; nothing is returned then.</param>
    /// <returns>The change, guarded by the revision it was worked out from, and the version's number; no change where it is the latest already.</returns>
    public static (ConfigurationChange? Change, int Version)? Next(
        ConfigurationSet set, string type, JsonElement schema, bool isCompatible, out IReadOnlyList<Problem> problems)
    {
        var found = new List<Problem>();
        problems = found;
        SchemaCompiler.Compile(schema, "", found);
        if (found.Count > 0)
        {
            return null;
        }

        var versions = VersionsOf(set, type);
        if (versions is [.., var (latest, before)])
        {
            if (JsonElement.DeepEquals(before, schema))
            {
                return (null, latest);
            }

            if (isCompatible)
            {
                found.AddRange(SchemaCompatibility.Compare(before, schema, ""));
                if (found.Count > 0)
                {
                    return null;
                }
            }
        }

        var next = versions.Count == 0 ? 1 : versions[^1].Version + 1;
        var kept = versions.Skip(Math.Max(0, versions.Count + 1 - SchemaReader.MostVersions)).Append((next, schema));
        return (new ConfigurationChange
        {
            Put = [(ConfigurationKind.Schema, type, Document(kept))],
            IfRevision = set.Find(ConfigurationKind.Schema, type)?.Revision ?? 0,
        }, next);
    }

    private static JsonElement Document(IEnumerable<(int Version, JsonElement Schema)> versions)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartArray("versions");
            foreach (var (version, schema) in versions)
            {
                json.WriteStartObject();
                json.WriteNumber("version", version);
                json.WritePropertyName("schema");
                schema.WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonElement.Parse(output.WrittenSpan);
    }
}
