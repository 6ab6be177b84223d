using System.Globalization;
using System.Net;
using System.Text;

namespace Personalization.Core.Patches;

/// <summary>Decodes character references of HTML: <c>&amp;amp; &amp;#106; &amp;#x6A;</c>.</summary>
internal static class CharacterReferences
{
    // Names beyond HTML 4 that are used to hide the scheme of an address.
    private static readonly Dictionary<string, string> Newer = new()
    {
        ["&Tab;"] = "\t", ["&NewLine;"] = "\n", ["&colon;"] = ":", ["&sol;"] = "/", ["&bsol;"] = "\\", ["&lpar;"] = "(", ["&rpar;"] = ")",
        ["&num;"] = "#", ["&quest;"] = "?", ["&period;"] = ".", ["&comma;"] = ",", ["&semi;"] = ";", ["&excl;"] = "!", ["&percnt;"] = "%",
        ["&lowbar;"] = "_", ["&equals;"] = "=", ["&commat;"] = "@", ["&NonBreakingSpace;"] = "\u00A0", ["&ZeroWidthSpace;"] = "\u200B",
    };

    /// <summary>Decodes what can be decoded.</summary>
    /// <param name="raw">The source of text or of an attribute's value.</param>
    /// <param name="strange">The index of the first reference that is not understood with certainty, or -1.</param>
    /// <param name="namesToo">Whether an unknown name counts as strange; otherwise it is taken as it stands.</param>
    public static string Decode(string raw, out int strange, bool namesToo)
    {
        strange = -1;
        var ampersand = raw.IndexOf('&', StringComparison.Ordinal);
        if (ampersand < 0)
        {
            return raw;
        }

        var text = new StringBuilder(raw, 0, ampersand, raw.Length);
        for (var at = ampersand; at < raw.Length;)
        {
            if (raw[at] != '&')
            {
                text.Append(raw[at++]);
                continue;
            }

            var end = at + 1;
            while (end < raw.Length && (char.IsAsciiLetterOrDigit(raw[end]) || (raw[end] == '#' && end == at + 1)))
            {
                end++;
            }

            var closed = end < raw.Length && raw[end] == ';';
            var reference = raw[at..(closed ? end + 1 : end)];
            var decoded = reference.StartsWith("&#", StringComparison.Ordinal) ? Number(reference) : closed ? Named(reference) : null;

            // A number needs no semicolon in HTML, and a reference that a placeholder would complete is nobody's intention.
            var isNumber = reference.Length > 1 && reference[1] == '#';
            var isCompleted = end < raw.Length && MarkupMarkers.IsMarker(raw[end]);
            if (strange < 0 && decoded is null && (isNumber || isCompleted || (closed && namesToo)))
            {
                strange = at;
            }

            text.Append(decoded ?? reference);
            at += reference.Length;
        }

        return text.ToString();
    }

    private static string? Number(string reference)
    {
        var isHex = reference.Length > 2 && (reference[2] | 0x20) == 'x';
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!reference.EndsWith(';')
            || !int.TryParse(reference.AsSpan(isHex ? 3 : 2).TrimEnd(';'), style, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code))
        {
            return null;
        }

        return code is '\t' or '\n' or '\r' or (>= 0x20 and < 0x7F) or > 0x9F ? char.ConvertFromUtf32(code) : null;
    }

    private static string? Named(string reference)
    {
        if (Newer.TryGetValue(reference, out var newer))
        {
            return newer;
        }

        var decoded = WebUtility.HtmlDecode(reference);
        return decoded == reference ? null : decoded;
    }
}
