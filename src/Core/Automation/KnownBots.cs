using System.Buffers;

namespace Personalization.Core.Automation;

/// <summary>Tells crawlers, monitors and remote-controlled browsers from people, by what they say of themselves.</summary>
/// <remarks>
/// The words are those that the entries of monperrus/crawler-user-agents (MIT, 2026) have in common, with the names of those that have none
/// of them. HTTP libraries (curl, okhttp, python-requests) are not among them: services ask on behalf of people with them. A bot that
/// says it is a browser is not found here; <see cref="Profiles.AutomationState"/> finds it if it is too quick.
/// </remarks>
public static class KnownBots
{
    private static readonly SearchValues<string> Words = SearchValues.Create(
        [
            // What most of them call themselves or what they do.
            "bot/", "bot;", "bot ", "bot)", "bot-", "-bot", "_bot", "bot@", "robot", "crawl", "spider", "scrap", "slurp", "fetcher", "indexer", "archiver", "scanner",
            "validator", "checker", "monitor", "preview", "feedparser", "feedfetcher", "+http", "@mail.", "headless", "phantomjs", "selenium", "puppeteer",
            "playwright", "webdriver", "cypress/", "lighthouse", "pagespeed", "gtmetrix", "ptst/", "speedcurve", "nutch", "heritrix", "httrack",

            // By name.
            "mediapartners-google", "adsbot", "apis-google", "google-read-aloud", "google-inspectiontool", "google-safety", "google-extended", "googleother",
            "google web preview", "google favicon", "googlebot", "bingbot", "bingpreview", "adidxbot", "facebookexternalhit", "facebookcatalog", "meta-external",
            "whatsapp/", "telegrambot", "twitterbot", "discordbot", "slackbot", "linkedinbot", "pinterestbot", "redditbot", "skypeuripreview", "embedly", "iframely",
            "applebot", "petalbot", "bytespider", "yandex", "baidu", "sogou", "duckduckbot", "qwantify", "seznam", "naver", "daum/", "coccoc", "mojeek",
            "ahrefs", "semrush", "mj12", "dotbot", "rogerbot", "screaming frog", "sistrix", "serpstat", "dataforseo", "blexbot", "oncrawl", "deepcrawl",
            "pingdom", "uptimerobot", "statuscake", "site24x7", "datadog", "newrelic", "better uptime", "checkly", "catchpoint", "nagios", "zabbix", "hetrix",
            "gptbot", "chatgpt-user", "oai-searchbot", "claudebot", "claude-web", "anthropic-ai", "perplexity", "ccbot", "cohere-ai", "diffbot", "amazonbot", "omgili",
            "-user/", "uptime", "linkcheck", "scan/", "scan)", "audit", "surveyagent", "metadata", "ia_archiver", "archive.org", "wayback", "censys", "shodan", "zgrab", "masscan", "nmap", "nikto", "sqlmap", "nessus", "nuclei", "w3c_", "bitlybot",
        ],
        StringComparison.OrdinalIgnoreCase);

    // Devices and programs with a person or a service behind them, whose names hold one of the words.
    private static readonly SearchValues<string> NotBots = SearchValues.Create(["cubot", "node-fetch"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Says whether a user agent says that no person is behind it. One that is missing says nothing.</summary>
    /// <remarks>A browser names no address in it, and is "compatible" with another only as Internet Explorer is.</remarks>
    public static bool Match(ReadOnlySpan<char> userAgent)
    {
        if (userAgent.IsEmpty || userAgent.ContainsAny(NotBots))
        {
            return false;
        }

        return userAgent.ContainsAny(Words)
            || userAgent.EndsWith("bot", StringComparison.OrdinalIgnoreCase)
            || userAgent.Contains("://", StringComparison.Ordinal)
            || (userAgent.Contains("(compatible", StringComparison.Ordinal) && !userAgent.Contains("MSIE", StringComparison.Ordinal));
    }
}
