using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Personalization.Core.Tests.Patches;

/// <summary>Judges markup by what a browser's parser makes of it. AngleSharp implements the HTML Living Standard.</summary>
internal static class Inert
{
    private static readonly string[] Elements =
        ["script", "iframe", "frame", "object", "embed", "base", "meta", "link", "style", "form", "input", "svg", "math", "template", "noscript"];

    private static readonly string[] Addresses = ["href", "src", "poster", "cite", "srcset", "action", "formaction", "data", "background"];

    public static IElement Parse(string html) => new HtmlParser().ParseDocument("<!DOCTYPE html><html><head></head><body>" + html).Body!;

    /// <summary>Gives what in a body could run code or load another document.</summary>
    public static IReadOnlyList<string> Dangers(IElement body) =>
    [
        .. body.QuerySelectorAll("*").Where(element => Elements.Contains(element.LocalName)).Select(element => $"<{element.LocalName}>"),
        .. body.QuerySelectorAll("*").SelectMany(element => element.Attributes).Where(IsDangerous).Select(attribute => $"{attribute.Name}={attribute.Value}"),
    ];

    private static bool IsDangerous(IAttr attribute) =>
        attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        || attribute.Name is "style" or "srcdoc"
        || (Addresses.Contains(attribute.Name) && RunsCode(attribute.Value));

    // URL Standard, section 4.4: what a browser drops before it looks for the scheme.
    private static bool RunsCode(string url)
    {
        var start = 0;
        while (start < url.Length && url[start] <= ' ')
        {
            start++;
        }

        var seen = string.Concat(url[start..].Where(character => character is not ('\t' or '\n' or '\r')));
        return new[] { "javascript:", "vbscript:", "data:text", "data:image/svg", "data:application" }
            .Any(scheme => seen.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }
}
