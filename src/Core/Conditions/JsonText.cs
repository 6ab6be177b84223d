using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>Strings of JSON documents that may not be Unicode: half a surrogate pair parses, and only reading it throws.</summary>
internal static class JsonText
{
    /// <summary>Reads a string, or null where it is not well-formed.</summary>
    public static string? Of(JsonElement text) => Read(text, static text => text.GetString());

    /// <summary>Reads a member's name, or null where it is not well-formed.</summary>
    public static string? NameOf(JsonProperty member) => Read(member, static member => member.Name);

    /// <summary>Finds the first string or name that is not well-formed, and gives its path, or null where all are.</summary>
    public static string? FindMalformed(JsonElement json, string path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return Of(json) is null ? path : null;
            case JsonValueKind.Array:
                return json.EnumerateArray()
                    .Select((element, i) => FindMalformed(element, Problem.Under(path, i)))
                    .FirstOrDefault(found => found is not null);
            case JsonValueKind.Object:
                return json.EnumerateObject()
                    .Select(member => NameOf(member) is { } name ? FindMalformed(member.Value, Problem.Under(path, name)) : path)
                    .FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    private static string? Read<TSource>(TSource source, Func<TSource, string?> read)
    {
        try
        {
            return read(source);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
