using System.Text.Json;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary>Says what is wrong with a text that was to be JSON.</summary>
internal static class JsonFault
{
    /// <summary>A text or name in it is no Unicode: a lone half of a surrogate pair, or bytes that are no UTF-8.</summary>
    public static readonly Problem InvalidText = new("", "invalid_text", "A text or a name in the body is not valid Unicode.");

    /// <summary>Explains why reading failed.</summary>
    public static Problem Explain(ReadOnlySpan<byte> utf8, int maxDepth, JsonException exception)
    {
        if (utf8.IsEmpty)
        {
            return new Problem("", "required", "The request has no body.");
        }

        return IsTooDeep(utf8, maxDepth)
            ? new Problem("", "too_deep", $"Objects and arrays nest at most {maxDepth} deep here.")
            : new Problem("", "not_json", $"The text is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
    }

    // The exception does not tell depth from syntax, so the text is read again up to where it failed.
    private static bool IsTooDeep(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (json.Read())
            {
            }

            return false;
        }
        catch (JsonException)
        {
            // An opening bracket itself is counted as outside of what it opens.
            var depth = json.CurrentDepth + (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);
            var at = (int)json.BytesConsumed;
            return depth == maxDepth && at < utf8.Length && utf8[at] is (byte)'{' or (byte)'[';
        }
    }
}
