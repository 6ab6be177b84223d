using System.Text.RegularExpressions;

namespace Personalization.Core.Patches;

/// <summary>What an address is used for.</summary>
internal enum UrlUse
{
    /// <summary>Followed by the visitor: <c>href</c>.</summary>
    Link,

    /// <summary>Loaded as a picture, sound or film: <c>src</c>.</summary>
    Media,

    /// <summary>A list of pictures: <c>srcset</c>.</summary>
    MediaList,
}

/// <summary>Says which addresses may stand in a page. An address without a scheme is relative, and harmless.</summary>
internal static partial class UrlPolicy
{
    /// <summary>What stands in the place of an address that is refused when a template is rendered.</summary>
    public const string Invalid = "about:invalid";

    public static UrlUse? UseOf(string attribute) => attribute switch
    {
        "href" or "cite" or "longdesc" or "itemtype" or "xlink:href" => UrlUse.Link,
        "src" or "poster" or "background" or "lowsrc" => UrlUse.Media,
        "srcset" or "imagesrcset" => UrlUse.MediaList,
        _ => null,
    };

    /// <summary>Gives the reason why an address is refused, or null.</summary>
    public static string? Explain(string url, UrlUse use) => use == UrlUse.MediaList
        ? url.Split([' ', '\t', '\n', '\r', '\f', ','], StringSplitOptions.RemoveEmptyEntries)
            .Select(part => ExplainOne(part, UrlUse.MediaList)).FirstOrDefault(reason => reason is not null)
        : ExplainOne(url, use);

    /// <summary>Gives the reason why a visitor may not be sent to an address, or null.</summary>
    public static string? ExplainRedirect(string url)
    {
        // Browsers drop blanks and take '\' for '/', both of which turn a path into another site.
        if (url.AsSpan().ContainsAny('\\', ' ') || url.Any(char.IsControl))
        {
            return "it may hold no blank, backslash or control character";
        }

        if (url.StartsWith('/'))
        {
            return url.StartsWith("//", StringComparison.Ordinal) ? "'//' begins the name of another site" : null;
        }

        return Absolute().IsMatch(url) && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? uri.UserInfo.Length > 0 ? "it may hold no user name or password" : null
            : "expected http://…, https://… or a path that begins with '/'";
    }

    /// <summary>Tells whether a text names a script scheme anywhere, however it is spaced out.</summary>
    public static bool NamesScript(string text)
    {
        var compact = Compact(text);
        return compact.Contains("javascript:", StringComparison.OrdinalIgnoreCase)
            || compact.Contains("vbscript:", StringComparison.OrdinalIgnoreCase);
    }

    private static string? ExplainOne(string url, UrlUse use)
    {
        var compact = Compact(url);
        var colon = compact.IndexOf(':', StringComparison.Ordinal);
        var path = compact.AsSpan().IndexOfAny('/', '?', '#');
        if (colon < 0 || (path >= 0 && path < colon))
        {
            return null;
        }

        var scheme = compact[..colon].ToLowerInvariant();
        return scheme switch
        {
            "" or "http" or "https" => null,
            "mailto" or "tel" or "sms" when use == UrlUse.Link => null,
            "data" when use == UrlUse.Media && Picture().IsMatch(compact) => null,
            "data" => "a data: address is only allowed for png, jpeg, gif and webp pictures in src and poster",
            _ => $"the scheme '{scheme}:' is refused",
        };
    }

    // URL Standard, section 4.4: leading control characters, and tabs and line ends anywhere, are dropped. We drop more: every blank,
    // control and invisible character, so that nothing hides a scheme. Dropping can only make a scheme appear, never vanish.
    private static string Compact(string url) => Invisible().Replace(url, "");

    [GeneratedRegex(@"[\p{C}\p{Z}]")]
    private static partial Regex Invisible();

    [GeneratedRegex("^data:image/(png|jpeg|gif|webp)[;,]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Picture();

    [GeneratedRegex("^https?://[^/?#]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Absolute();
}
