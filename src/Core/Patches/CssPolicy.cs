using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Personalization.Core.Patches;

/// <summary>Says which style properties, values and sheets a patch may bring. Escapes and comments hide nothing.</summary>
internal static partial class CssPolicy
{
    private static readonly SearchValues<char> RefusedInValue = SearchValues.Create(";{}<>!\\@");

    /// <summary>Gives the reason why a property's name is refused, or null.</summary>
    public static string? ExplainProperty(string property) =>
        property.Length > 100 || !Property().IsMatch(property) ? "expected the name of a CSS property"
        : property.ToLowerInvariant() is "behavior" or "-moz-binding" or "-ms-behavior" ? "the property can load code"
        : null;

    /// <summary>Gives the reason why the value of a property is refused, or null.</summary>
    public static string? ExplainValue(string value)
    {
        if (value.AsSpan().IndexOfAny(RefusedInValue) is >= 0 and var at)
        {
            return value[at] == '!'
                ? "'!' is refused; say \"important\": true"
                : $"'{value[at]}' is refused";
        }

        return value.Any(char.IsControl) || value.Contains("/*", StringComparison.Ordinal)
            ? "control characters and comments are refused"
            : ExplainBalance(value) ?? ExplainWords(value) ?? ExplainAddresses(value);
    }

    /// <summary>Gives the reason why a style sheet is refused, or null.</summary>
    public static string? ExplainSheet(string css) =>
        css.Contains('\0', StringComparison.Ordinal)
            ? "control characters are refused"
            : ExplainWords(css) ?? ExplainWords(Plain(css)) ?? ExplainAddresses(Plain(css)) ?? ExplainBalance(css);

    private static string? ExplainWords(string css)
    {
        // Blanks hide the colon or the bracket in old browsers.
        var found = Dangerous().Match(Blanks().Replace(css, ""));
        return found.Success ? $"'{found.Value}' is refused" : null;
    }

    private static string? ExplainAddresses(string css)
    {
        foreach (var match in Address().EnumerateMatches(css))
        {
            var inside = css.AsSpan(match.Index, match.Length);
            var address = inside[(inside.IndexOf('(') + 1)..].Trim(" \t\r\n\f\"'");

            // Style sheets load pictures only, so an SVG picture runs nothing.
            var reason = address.StartsWith("data:image/svg+xml", StringComparison.OrdinalIgnoreCase)
                || address.StartsWith("data:font/", StringComparison.OrdinalIgnoreCase)
                ? null
                : UrlPolicy.Explain(address.ToString(), UrlUse.Media);
            if (reason is not null)
            {
                return $"an address is refused: {reason}";
            }
        }

        return null;
    }

    // A sheet that leaves something open would swallow the next one.
    private static string? ExplainBalance(string css)
    {
        var open = new Stack<char>();
        for (var at = 0; at < css.Length; at++)
        {
            var character = css[at];
            if (character == '\\')
            {
                at++;
            }
            else if (character is '"' or '\'')
            {
                at = EndOfString(css, at);
            }
            else if (character == '/' && at + 1 < css.Length && css[at + 1] == '*')
            {
                var end = css.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? css.Length : end + 1;
            }
            else if (character is '(' or '[' or '{')
            {
                open.Push(character switch { '(' => ')', '[' => ']', _ => '}' });
            }
            else if (character is ')' or ']' or '}' && (open.Count == 0 || open.Pop() != character))
            {
                return $"a '{character}' closes nothing";
            }

            if (at >= css.Length)
            {
                return "a string, comment or escape is not closed";
            }
        }

        return open.Count == 0 ? null : $"a '{open.Peek()}' is missing";
    }

    /// <summary>Gives the index of the closing quote, or the length when the string is not closed on its line.</summary>
    private static int EndOfString(string css, int start)
    {
        for (var at = start + 1; at < css.Length && css[at] is not ('\n' or '\r' or '\f'); at++)
        {
            if (css[at] == css[start])
            {
                return at;
            }

            at += css[at] == '\\' ? 1 : 0;
        }

        return css.Length;
    }

    private static string Plain(string css) => Escape().Replace(Comment().Replace(css, ""), match =>
    {
        var digits = match.Groups[1].ValueSpan;
        var code = digits.IsEmpty ? 0 : int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return digits.IsEmpty ? match.Groups[2].Value : code is 0 or > 0xFFFF ? "\uFFFD" : ((char)code).ToString();
    });

    [GeneratedRegex("^(--[a-zA-Z0-9_-]+|-?[a-zA-Z]+(-[a-zA-Z]+)*)\\z")]
    private static partial Regex Property();

    // scroll-behavior is harmless, behavior is not.
    [GeneratedRegex(
        @"</|<!--|expression\(|javascript:|vbscript:|-moz-binding|@import|(?<![\w-])behavior:",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Dangerous();

    [GeneratedRegex(@"[\p{C}\p{Z}]")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\b(url|src|image)\(\s*(""[^""]*""|'[^']*'|[^)]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"/\*.*?(\*/|\z)", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
