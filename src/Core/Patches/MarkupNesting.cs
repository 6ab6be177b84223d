using System.Collections.Frozen;

namespace Personalization.Core.Patches;

/// <summary>
/// Refuses nestings that an HTML parser rearranges (HTML Living Standard, section 13.2.6.4: a paragraph that closes itself, content
/// thrown out of a table, links in links), so that what is accepted becomes the same tree in a browser as it is written.
/// </summary>
internal static class MarkupNesting
{
    private static readonly FrozenSet<string> ClosesParagraph =
        ("address article aside blockquote dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr li main nav " +
        "ol p pre section summary table ul").Split(' ').ToFrozenSet();

    // The parents that the parser wants for an element; at the top of a fragment the page decides, and anything goes.
    private static readonly FrozenDictionary<string, string[]> Parents = new Dictionary<string, string[]>
    {
        ["li"] = ["ul", "ol"],
        ["dt"] = ["dl"],
        ["dd"] = ["dl"],
        ["rt"] = ["ruby"],
        ["rp"] = ["ruby"],
        ["caption"] = ["table"],
        ["colgroup"] = ["table"],
        ["col"] = ["colgroup"],
        ["thead"] = ["table"],
        ["tbody"] = ["table"],
        ["tfoot"] = ["table"],
        ["tr"] = ["thead", "tbody", "tfoot"],
        ["td"] = ["tr"],
        ["th"] = ["tr"],
    }.ToFrozenDictionary();

    // The parser throws everything but these out of the table.
    private static readonly FrozenDictionary<string, string[]> Children = new Dictionary<string, string[]>
    {
        ["table"] = ["caption", "colgroup", "thead", "tbody", "tfoot"],
        ["colgroup"] = ["col"],
        ["thead"] = ["tr"],
        ["tbody"] = ["tr"],
        ["tfoot"] = ["tr"],
        ["tr"] = ["td", "th"],
    }.ToFrozenDictionary();

    /// <summary>Gives the reason why an element may not stand inside <paramref name="open"/> (outermost first), or null.</summary>
    public static string? Explain(string element, IReadOnlyList<string> open)
    {
        if (open.Count > 0)
        {
            var parent = open[^1];
            if (Parents.TryGetValue(element, out var parents) && !parents.Contains(parent))
            {
                return $"a <{element}> belongs directly inside <{string.Join("> or <", parents)}>, not inside <{parent}>";
            }

            if (Children.TryGetValue(parent, out var children) && !children.Contains(element))
            {
                return $"a <{parent}> may only hold <{string.Join("> or <", children)}>, not <{element}>";
            }
        }

        if (ClosesParagraph.Contains(element) && open.Contains("p"))
        {
            return $"a <{element}> may not stand inside a <p>: browsers close the paragraph before it";
        }

        var twin = element is "a" or "button" ? element : null;
        if (twin is not null && open.Contains(twin))
        {
            return $"a <{twin}> may not stand inside another <{twin}>";
        }

        return IsHeading(element) && open.Any(IsHeading) ? "a heading may not stand inside a heading" : null;
    }

    /// <summary>Tells whether text other than blanks may stand directly inside an element.</summary>
    public static bool HoldsText(string element) => !Children.ContainsKey(element);

    private static bool IsHeading(string element) => element is ['h', >= '1' and <= '6'];
}
