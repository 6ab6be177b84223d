using System.Text.Json;
using Personalization.Core.Decisions;

namespace Personalization.Api.Rest;

/// <summary>Writes why an item was chosen: <c>["next:A13"]</c>.</summary>
internal static class ItemReasonJson
{
    /// <summary>Writes the list of reasons, joining none of them in memory first.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="strategy">The strategy that proposed the item.</param>
    /// <param name="because">The id of the item it follows, if it follows one.</param>
    public static void Write(Utf8JsonWriter json, RecommendStrategy strategy, string? because)
    {
        json.WriteStartArray();
        var name = ReasonNames.Of(strategy);
        if (because is null)
        {
            json.WriteStringValue(name);
        }
        else
        {
            json.WriteStringValueSegment(name, isFinalSegment: false);
            json.WriteStringValueSegment(":", isFinalSegment: false);
            json.WriteStringValueSegment(because, isFinalSegment: true);
        }

        json.WriteEndArray();
    }
}
