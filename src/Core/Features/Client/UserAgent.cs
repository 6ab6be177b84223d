namespace Personalization.Core.Features;

/// <summary>What a <c>User-Agent</c> header says: the kind of device, the browser and the operating system.</summary>
/// <remarks>
/// Knows the families that nearly all visitors of shops have, by their tokens; whatever else there is is "Other". Browsers and
/// systems have the names that uap-core (https://github.com/ua-parser/uap-core) gives them. Takes about a microsecond, so that no
/// cache is needed.
/// </remarks>
/// <param name="DeviceType"><c>phone</c>, <c>tablet</c>, <c>desktop</c>, <c>tv</c>, <c>bot</c> or <c>other</c>.</param>
/// <param name="Browser">The browser's family: <c>Chrome Mobile</c>.</param>
/// <param name="BrowserVersion">Its major version; -1 where it tells none.</param>
/// <param name="System">The operating system's family: <c>Android</c>.</param>
public sealed record UserAgent(string DeviceType, string Browser, int BrowserVersion, string System)
{
    /// <summary>What is said of a visitor who says nothing.</summary>
    public static readonly UserAgent Unknown = new("other", Other, -1, Other);

    private const string Other = "Other";

    // The first token found decides: browsers also claim to be those they descend from.
    private static readonly (string Token, string Family)[] Browsers =
    [
        ("FBAV/", "Facebook"), ("FBAN/", "Facebook"), ("Instagram ", "Instagram"), ("Pinterest", "Pinterest"), ("MicroMessenger/", "WeChat Browser"),
        ("EdgA/", "Edge Mobile"), ("EdgiOS/", "Edge Mobile"), ("Edg/", "Edge"), ("Edge/", "Edge"),
        ("UCBrowser", "UC Browser"), ("UC Browser", "UC Browser"), ("UBrowser/", "UC Browser"), ("UCMobile/", "UC Browser"), ("UCWEB", "UC Browser"),
        ("OPiOS/", "Opera Mini"), ("Opera Mini", "Opera Mini"), ("Opera Mobi", "Opera Mobile"), ("OPR/", "Opera"), ("Opera", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("MQQBrowser/", "QQ Browser Mobile"), ("QQBrowser/", "QQ Browser"),
        ("YaBrowser/", "Yandex Browser"), ("Vivaldi/", "Vivaldi"), ("Whale/", "Whale"),
        ("DuckDuckGo/", "DuckDuckGo Mobile"), ("MiuiBrowser/", "MiuiBrowser"), ("HuaweiBrowser/", "Huawei Browser"), ("Silk/", "Amazon Silk"),
        ("GSA/", "Google"), ("FxiOS/", "Firefox iOS"), ("CriOS/", "Chrome Mobile iOS"), ("HeadlessChrome", "HeadlessChrome"),
        ("Chromium/", "Chromium"), ("SeaMonkey/", "SeaMonkey"), ("IEMobile", "IE Mobile"), ("Trident/", "IE"),
        ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
        ("MSIE ", "IE"), ("Safari/", "Safari"), ("AppleWebKit/", "Safari"),
    ];

    private static readonly (string Token, string Family)[] Systems =
    [
        // An iPad that asks for desktop sites says Macintosh, and a Kindle that does so too; their browsers tell.
        ("CriOS/", "iOS"), ("FxiOS/", "iOS"), ("EdgiOS/", "iOS"), ("Silk/", "Android"), ("KaiOS", "KaiOS"), ("ZuneWP7", "Windows Phone"),
        ("Windows Phone", "Windows Phone"), ("Windows", "Windows"), ("iPhone", "iOS"), ("iPad", "iOS"), ("iPod", "iOS"), ("KAIOS", "KaiOS"),
        ("Tizen", "Tizen"), ("Android", "Android"), ("CrOS", "Chrome OS"), ("Mac OS X", "Mac OS X"), ("Macintosh", "Mac OS X"),
        ("Ubuntu", "Ubuntu"), ("FreeBSD", "FreeBSD"), ("Web0S", "webOS"), ("webOS", "webOS"), ("Linux", "Linux"),
    ];

    private static readonly string[] Bots = ["bot", "crawl", "spider", "slurp", "mediapartners", "facebookexternalhit", "preview"];
    private static readonly string[] Televisions = ["SMART-TV", "SmartTV", "Smart-TV", "GoogleTV", "Apple TV", "AppleTV", "BRAVIA", "Web0S", "CrKey", "Roku", "HbbTV"];
    private static readonly string[] Tablets = ["iPad", "Tablet", "PlayBook", "Kindle"];
    private static readonly string[] Phones = ["Mobile", "iPhone", "iPod", "Windows Phone", "BlackBerry", "Opera Mini", "Opera Mobi", "Symbian", "Nokia"];
    private static readonly string[] Desktops = ["Windows", "Macintosh", "CrOS", "X11", "Linux"];

    /// <summary>Reads a header.</summary>
    public static UserAgent Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return Unknown;
        }

        var text = header.AsSpan();
        var system = Other;
        foreach (var (token, family) in Systems)
        {
            if (text.Contains(token, StringComparison.Ordinal))
            {
                system = family;
                break;
            }
        }

        var browser = BrowserOf(text, system, out var version);
        return new UserAgent(TypeOf(text, system), browser, version, system);
    }

    private static string BrowserOf(ReadOnlySpan<char> text, string system, out int version)
    {
        foreach (var (token, family) in Browsers)
        {
            var at = text.IndexOf(token, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            var isMobile = text.Contains("Mobile", StringComparison.Ordinal);
            version = VersionAfter(text, at + token.Length);
            switch (family)
            {
                case "Firefox":
                    return isMobile || text.Contains("Tablet", StringComparison.Ordinal) || system == "Android" ? "Firefox Mobile" : family;
                case "Edge":
                    return system == "Windows Phone" ? "Edge Mobile" : family;
                case "Opera":
                    version = token == "Opera" && Version(text, "Version/") is >= 0 and var later ? later : version;
                    return token == "OPR/" && isMobile ? "Opera Mobile" : family;
                case "Chrome":
                    return text.Contains("; wv)", StringComparison.Ordinal) || (system == "Android" && Version(text, "Version/") >= 0)
                        ? "Chrome Mobile WebView" : isMobile ? "Chrome Mobile" : family;
                case "IE":
                    version = token == "Trident/" && Version(text, "rv:") is >= 0 and var actual ? actual : version;
                    return family;
                case "Safari":
                    version = Version(text, "Version/");
                    return Safari(token, system, version);
                default:
                    return family;
            }
        }

        version = -1;
        return Other;
    }

    private static string Safari(string token, string system, int version) => system switch
    {
        "iOS" => version >= 0 ? "Mobile Safari" : "Mobile Safari UI/WKWebView",
        "Android" => "Android",
        "Mac OS X" or "Windows" => token == "Safari/" ? "Safari" : "Apple Mail",
        _ => token == "Safari/" ? "Safari" : Other,
    };

    private static string TypeOf(ReadOnlySpan<char> text, string system)
    {
        foreach (var bot in Bots)
        {
            if (text.Contains(bot, StringComparison.OrdinalIgnoreCase))
            {
                return "bot";
            }
        }

        return HasAny(text, Televisions) ? "tv"
            : HasAny(text, Tablets) ? "tablet"
            : HasAny(text, Phones) ? "phone"
            : system is "Android" or "iOS" ? "tablet"
            : HasAny(text, Desktops) ? "desktop"
            : "other";
    }

    private static bool HasAny(ReadOnlySpan<char> text, string[] tokens)
    {
        foreach (var token in tokens)
        {
            if (text.Contains(token, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static int Version(ReadOnlySpan<char> text, string token)
    {
        var at = text.IndexOf(token, StringComparison.Ordinal);
        return at < 0 ? -1 : VersionAfter(text, at + token.Length);
    }

    private static int VersionAfter(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is '/' or ' ')
        {
            at++;
        }

        var version = -1;
        for (; at < text.Length && char.IsAsciiDigit(text[at]) && version < 100_000; at++)
        {
            version = (Math.Max(0, version) * 10) + text[at] - '0';
        }

        return version;
    }
}
