using System.Globalization;
using System.Text.RegularExpressions;
using Personalization.Core.Features;

namespace Personalization.Core.Tests.Features;

public sealed partial class UserAgentTests
{
    private const string Corpus = "https://github.com/ua-parser/uap-core";

    /// <summary>Families and versions are those of uap-core's tests (tests/test_ua.yaml, tests/test_os.yaml; Apache-2.0) or of its regexes.yaml for the strings of today's browsers.</summary>
    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "desktop", "Chrome", 126, "Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "desktop", "Edge", 126, "Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", "desktop", "Safari", 17, "Mac OS X")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "phone", "Mobile Safari", 17, "iOS")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "tablet", "Chrome Mobile iOS", 126, "iOS")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "phone", "Chrome Mobile", 126, "Android")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "tablet", "Chrome", 126, "Android")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "phone", "Samsung Internet", 25, "Android")]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "phone", "Firefox Mobile", 127, "Android")]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "desktop", "Firefox", 127, "Ubuntu")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "phone", "Firefox iOS", 127, "iOS")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", "desktop", "IE", 11, "Windows")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "desktop", "Chrome", 126, "Chrome OS")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot", "Other", -1, "Other")]
    [InlineData("curl/8.5.0", "other", "Other", -1, "Other")]
    [InlineData("", "other", "Other", -1, "Other")]
    [InlineData(null, "other", "Other", -1, "Other")]
    public void A_header_tells_device_browser_and_system(string? header, string device, string browser, int version, string system) =>
        Assert.Equal(new UserAgent(device, browser, version, system), UserAgent.Parse(header));

    [CheckoutFact("UAP_CORE", Corpus)]
    public void The_families_it_knows_are_those_that_the_published_cases_tell()
    {
        var browsers = Agreement("tests/test_ua.yaml", agent => agent.Browser, out var wrong);
        Assert.True(browsers >= BrowserAgreement, FormattableString.Invariant($"{browsers:0.000} of the cases: {string.Join("\n", wrong.Take(40))}"));

        var systems = Agreement("tests/test_os.yaml", agent => agent.System, out wrong, browsersOnly: true);
        Assert.True(systems >= SystemAgreement, FormattableString.Invariant($"{systems:0.000} of the cases: {string.Join("\n", wrong.Take(40))}"));

        var firefox = Agreement("test_resources/firefox_user_agent_strings.yaml", agent => agent.Browser, out wrong);
        Assert.True(firefox >= BrowserAgreement, FormattableString.Invariant($"{firefox:0.000} of the cases: {string.Join("\n", wrong.Take(40))}"));
    }

    // Half of the cases for systems are apps and libraries, which have headers of their own making: visitors of pages have browsers.
    /// <summary>Gives the share of cases, among those of families that are known here, that come out as published.</summary>
    private static double Agreement(string file, Func<UserAgent, string> read, out List<string> wrong, bool browsersOnly = false)
    {
        string[] known =
        [
            "Chrome", "Chrome Mobile", "Chrome Mobile WebView", "Chrome Mobile iOS", "HeadlessChrome", "Chromium", "Firefox", "Firefox Mobile", "Firefox iOS", "Safari",
            "Mobile Safari", "Mobile Safari UI/WKWebView", "Edge", "Edge Mobile", "Opera", "Opera Mobile", "Opera Mini", "Samsung Internet", "IE", "Facebook",
            "Instagram", "UC Browser", "Vivaldi", "Whale", "Windows", "iOS", "Android", "Mac OS X", "Ubuntu", "Linux", "Chrome OS", "Windows Phone", "KaiOS", "Tizen",
        ];
        var (right, all) = (0, 0);
        wrong = [];
        var header = "";
        foreach (var line in File.ReadLines(CheckoutFactAttribute.FilePath("UAP_CORE", file)))
        {
            if (Case().Match(line) is not { Success: true } match)
            {
                continue;
            }

            var value = match.Groups[2].Value.Trim();
            value = value.Length > 1 && value[0] is '\'' or '"' ? value[1..^1] : value;
            if (match.Groups[1].Value == "user_agent_string")
            {
                header = value;
            }
            else if (known.Contains(value) && (header.StartsWith("Mozilla/", StringComparison.Ordinal) || !browsersOnly))
            {
                all++;
                var found = read(UserAgent.Parse(header));
                right += found == value ? 1 : 0;
                if (found != value)
                {
                    wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{value}, not {found}: {header}"));
                }
            }
        }

        Assert.True(all > 50, $"Only {all} cases were read.");
        return (double)right / all;
    }

    private const double BrowserAgreement = 0.98;
    private const double SystemAgreement = 0.97;

    [GeneratedRegex(@"^\s*-?\s*(user_agent_string|family):\s*(.*)$")]
    private static partial Regex Case();
}
