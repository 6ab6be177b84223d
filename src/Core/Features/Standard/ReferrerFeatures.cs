using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>Where the visitor came from: the referrer and the campaign of the page's address.</summary>
internal static class ReferrerFeatures
{
    // The engines and networks that send shops nearly all their visitors; a country's site (google.de) is known by its first part.
    private static readonly string[] SearchEngines =
        ["google", "bing", "duckduckgo", "yahoo", "ecosia", "startpage", "qwant", "baidu", "yandex", "naver", "seznam", "brave"];

    private static readonly string[] SocialNetworks =
    [
        "facebook.com", "fb.com", "instagram.com", "twitter.com", "x.com", "t.co", "linkedin.com", "lnkd.in", "pinterest.com", "pin.it", "reddit.com",
        "tiktok.com", "youtube.com", "youtu.be", "snapchat.com", "threads.net", "whatsapp.com", "t.me", "vk.com", "weibo.com", "mastodon.social", "bsky.app",
    ];

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new(
            "referrer.type",
            [],
            FeatureType.Text,
            "`direct` without a referrer, `internal` from the page's own host or one of the settings' `hosts`, `search`, `social` or `other`.",
            binding =>
            {
                var hosts = binding.Registry.Settings.Hosts;
                return context => context.Request.Page is { } page ? AttributeValue.From(TypeOf(page, hosts)) : AttributeValue.Missing;
            })
        {
            Source = FeatureSource.Request,
        },
        new("referrer.host", FeatureType.Text, "The referrer's host, without `www.`; missing without one.", context =>
            Address.HostOf(context.Request.Page?.Referrer) is { Length: > 0 } host
                ? AttributeValue.From(host.ToString().ToLowerInvariant())
                : AttributeValue.Missing)
        {
            Source = FeatureSource.Request,
        },
        Utm("utm.source"),
        Utm("utm.medium"),
        Utm("utm.campaign"),
        Utm("utm.term"),
        Utm("utm.content"),
    ];

    private static string TypeOf(PageContext page, IReadOnlyList<string> hosts)
    {
        var from = Address.HostOf(page.Referrer);
        if (from.IsEmpty)
        {
            return "direct";
        }

        var own = Address.HostOf(page.Url);
        if (!own.IsEmpty && (Address.IsWithin(from, own) || Address.IsWithin(own, from)))
        {
            return "internal";
        }

        foreach (var host in hosts)
        {
            if (Address.IsWithin(from, host))
            {
                return "internal";
            }
        }

        foreach (var network in SocialNetworks)
        {
            if (Address.IsWithin(from, network))
            {
                return "social";
            }
        }

        return IsSearchEngine(from) ? "search" : "other";
    }

    private static bool IsSearchEngine(ReadOnlySpan<char> host)
    {
        // search.yahoo.com, google.co.uk and yandex.ru: one of the parts, but not the last, is the engine's name.
        while (host.IndexOf('.') is > 0 and var dot)
        {
            foreach (var engine in SearchEngines)
            {
                if (host[..dot].Equals(engine, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            host = host[(dot + 1)..];
        }

        return false;
    }

    private static FeatureFamily Utm(string name)
    {
        var parameter = name.Replace('.', '_');
        return new FeatureFamily(name, FeatureType.Text, $"The parameter `{parameter}` of the page's address; missing without it.", context =>
            Address.Parameter(context.Request.Page?.Url, parameter) is { Length: > 0 } value ? AttributeValue.From(value) : AttributeValue.Missing)
        {
            Source = FeatureSource.Request,
        };
    }
}
