using System.Collections.Frozen;
using System.Text.Json;
using Personalization.Core.Events;
using Personalization.Core.Schemas;

namespace Personalization.Core.Configuration;

/// <summary>Reads the schemas of an event type: <c>{"versions": [{"version", "schema"}]}</c>, ascending. The document's id is the type.</summary>
internal static class SchemaReader
{
    /// <summary>The most versions that are kept.</summary>
    public const int MostVersions = 100;

    /// <summary>Reads the schemas of every type.</summary>
    public static EventSchemas ReadAll(ConfigurationSet set, ICollection<Problem> problems)
    {
        var types = new Dictionary<string, IReadOnlyList<(int, SchemaNode)>>(StringComparer.Ordinal);
        foreach (var document in set.Of(ConfigurationKind.Schema))
        {
            types[document.Id] = Read(document.Id, document.Body, $"{ConfigurationKind.Schema.PluralName()}.{document.Id}", problems);
        }

        return types.Count == 0 ? EventSchemas.None : new EventSchemas(types.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Gives the versions of a document that was read before.</summary>
    public static IEnumerable<(int Version, JsonElement Schema)> VersionsOf(ConfigurationDocument document) =>
        document.Body.GetProperty("versions").EnumerateArray().Select(entry => (entry.GetProperty("version").GetInt32(), entry.GetProperty("schema")));

    private static List<(int, SchemaNode)> Read(string type, JsonElement json, string path, ICollection<Problem> problems)
    {
        if (type.Length > EventLimits.TypeLength)
        {
            problems.Add(new Problem(path, "invalid_id", $"An event type has at most {EventLimits.TypeLength} characters."));
        }

        var reader = new DocumentReader(json, path, problems);
        reader.Text("description", 1000);
        var versions = new List<(int, SchemaNode)>();
        var last = 0;
        foreach (var (element, at) in reader.List("versions", MostVersions, required: true) ?? [])
        {
            var entry = new DocumentReader(element, at, problems);
            var number = entry.Number("version", 1, int.MaxValue, required: true) is { } value && value == Math.Floor(value) ? (int)value : 0;
            if (number <= last)
            {
                entry.Fault("version", "out_of_range", "Versions are whole numbers, each greater than the one before.");
            }

            last = number;
            var schema = entry.Element("schema", required: true) is { } body
                ? SchemaCompiler.Compile(body, entry.PathOf("schema"), problems)
                : SchemaNode.Anything;
            entry.Finish();
            versions.Add((number, schema));
        }

        if (versions.Count == 0)
        {
            reader.Fault("versions", "empty", "A type has one version of its schema at least.");
            versions.Add((1, SchemaNode.Anything));
        }

        reader.Finish();
        return versions;
    }
}
