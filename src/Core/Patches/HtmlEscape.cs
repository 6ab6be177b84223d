using System.Text;

namespace Personalization.Core.Patches;

/// <summary>Writes values into HTML so that a parser gives them back as they were, and never as markup.</summary>
internal static class HtmlEscape
{
    /// <summary>Writes a value where text stands.</summary>
    public static void Text(string value, StringBuilder output) => Write(value, output, isAttribute: false);

    /// <summary>Writes a value into an attribute, whichever quotes are around it.</summary>
    public static void Attribute(string value, StringBuilder output) => Write(value, output, isAttribute: true);

    private static void Write(string value, StringBuilder output, bool isAttribute)
    {
        for (var at = 0; at < value.Length; at++)
        {
            var character = value[at];
            var written = character switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' when isAttribute => "&quot;",
                '\'' when isAttribute => "&#39;",

                // A parser would make a line feed of it.
                '\r' => "&#13;",
                '\t' or '\n' => null,
                _ when char.IsControl(character) || MarkupMarkers.IsMarker(character) => "\uFFFD",
                _ when char.IsSurrogate(character) && !IsPaired(value, at) => "\uFFFD",
                _ => null,
            };
            _ = written is null ? output.Append(character) : output.Append(written);
        }
    }

    private static bool IsPaired(string value, int at) => char.IsHighSurrogate(value[at])
        ? at + 1 < value.Length && char.IsLowSurrogate(value[at + 1])
        : at > 0 && char.IsHighSurrogate(value[at - 1]);
}
