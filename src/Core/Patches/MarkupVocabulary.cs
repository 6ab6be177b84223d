using System.Collections.Frozen;

namespace Personalization.Core.Patches;

/// <summary>The elements and attributes that markup of a patch may use. What is not listed is refused.</summary>
internal static class MarkupVocabulary
{
    // Each line: elements ":" the attributes they may have besides the global ones.
    private const string Allowed =
        """
        abbr address article aside b bdi bdo br caption cite code dd dfn div dl dt em figcaption figure footer : title
        h1 h2 h3 h4 h5 h6 header hgroup hr i kbd main mark nav p picture pre rp rt ruby s samp section small : title
        span strong sub summary sup table tbody tfoot thead tr u ul var wbr : title
        a : href target rel hreflang download type
        audio : src controls autoplay loop muted preload
        blockquote q : cite
        button : type value disabled
        col colgroup : span
        data : value
        del ins : cite datetime
        details : open
        img : src srcset sizes alt width height loading decoding fetchpriority
        label : for
        li : value
        meter : value min max low high optimum
        ol : start reversed type
        progress : value max
        source : src srcset sizes media type width height
        td th : colspan rowspan headers scope abbr
        time : datetime
        track : src kind srclang label default
        video : src poster controls autoplay loop muted playsinline preload width height
        """;

    private static readonly FrozenDictionary<string, FrozenSet<string>> Attributes = Allowed.Split('\n')
        .Select(line => line.Split(':', StringSplitOptions.TrimEntries))
        .SelectMany(parts => parts[0].Split(' '), (parts, element) => (element, Attributes: parts[1].Split(' ').ToFrozenSet()))
        .ToFrozenDictionary(pair => pair.element, pair => pair.Attributes);

    private static readonly FrozenSet<string> Global =
        Set("class id title lang dir role hidden tabindex translate itemscope itemtype itemprop");

    private static readonly FrozenSet<string> VoidElements = Set("br col hr img source track wbr");

    // Their content is not markup, or is markup only sometimes: nothing after them can be read reliably.
    private static readonly FrozenSet<string> RawTextElements =
        Set("script style textarea title xmp iframe noembed noframes noscript plaintext template svg math select");

    private static readonly FrozenSet<string> ProtectedElements =
        Set("script style iframe frame frameset object embed applet base meta link noscript template param svg math");

    public static bool IsAllowed(string element) => Attributes.ContainsKey(element);

    public static bool IsVoid(string element) => VoidElements.Contains(element);

    public static bool IsRawText(string element) => RawTextElements.Contains(element);

    public static bool IsProtected(string element) => ProtectedElements.Contains(element);

    public static bool IsAllowed(string element, string attribute) =>
        Global.Contains(attribute)
        || attribute.StartsWith("aria-", StringComparison.Ordinal)
        || attribute.StartsWith("data-", StringComparison.Ordinal)
        || (Attributes.TryGetValue(element, out var own) && own.Contains(attribute));

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
