using System.Text.Json;

namespace Personalization.Api.Tests;

/// <summary>Looks into JSON as tests like to.</summary>
internal static class Json
{
    /// <summary>Reads a text that uses single quotes for double ones.</summary>
    public static string Of(string text) => text.Replace('\'', '"');

    /// <summary>Follows names and indices.</summary>
    public static JsonElement At(this JsonElement json, params ReadOnlySpan<object> path)
    {
        foreach (var step in path)
        {
            json = step is int index ? json[index] : json.GetProperty((string)step);
        }

        return json;
    }

    /// <summary>Asserts that two texts are the same JSON.</summary>
    public static void Same(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Of(expected)).RootElement, actual), $"Expected {Of(expected)}, not {actual}");
}
