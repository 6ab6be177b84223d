using System.Text.Json;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Features;
using Personalization.Core.Tests.Decisions;

namespace Personalization.Core.Tests.Features;

public sealed class RequestFeatureTests
{
    // 2026-05-04T00:00:00Z, a Monday: still Sunday in New York, which is four hours behind in May.
    private const long Now = Shop.Now;

    private readonly Shop _shop = new();

    [Theory]
    [InlineData(null, "direct", null)]
    [InlineData("", "direct", null)]
    [InlineData("https://www.shop.example/shoes?from=google", "internal", "shop.example")]
    [InlineData("https://blog.shop.example/", "internal", "blog.shop.example")]
    [InlineData("https://partner.example:8443/x", "internal", "partner.example")]
    [InlineData("https://www.google.de/", "search", "google.de")]
    [InlineData("https://search.yahoo.com/search?p=x", "search", "search.yahoo.com")]
    [InlineData("https://duckduckgo.com/", "search", "duckduckgo.com")]
    [InlineData("https://l.facebook.com/l.php?u=https://shop.example", "social", "l.facebook.com")]
    [InlineData("https://t.co/abc", "social", "t.co")]
    [InlineData("https://notshop.example/", "other", "notshop.example")]
    [InlineData("https://user@News.Example/?u=https://google.com/", "other", "news.example")]
    [InlineData("android-app://com.example", "other", "com.example")]
    [InlineData("nonsense", "direct", null)]
    public void A_referrer_is_told_by_its_host(string? referrer, string type, string? host)
    {
        _shop.Put("""{"settings": {"shop": {"hosts": ["partner.example"]}}}""");
        var request = Of("https://shop.example/p", referrer);

        Assert.Equal(type, Read("referrer.type", request).Text);
        Assert.Equal(host, Read("referrer.host", request) is { IsNothing: false } value ? value.Text : null);
    }

    [Fact]
    public void A_campaign_is_read_from_the_pages_address()
    {
        var request = Of("https://shop.example/?x=1&utm_source=news%20letter&utm_medium=e+mail&UTM_Campaign=May&utm_term=#utm_content=no", null);

        Assert.Equal("news letter", Read("utm.source", request).Text);
        Assert.Equal("e mail", Read("utm.medium", request).Text);
        Assert.Equal("May", Read("utm.campaign", request).Text);
        Assert.True(Read("utm.term", request).IsNothing);
        Assert.True(Read("utm.content", request).IsNothing);
    }

    [Theory]
    [InlineData("{}", null, 0, "monday", false, "spring")]
    [InlineData("""{"timeZone": "America/New_York"}""", null, 20, "sunday", true, "spring")]
    [InlineData("""{"timeZone": "America/New_York", "hemisphere": "south"}""", 345, 5, "monday", false, "autumn")]
    [InlineData("{}", 10_000, 0, "monday", false, "spring")]
    public void The_time_is_the_pages_or_else_the_shops(string settings, int? offset, int hour, string weekday, bool weekend, string season)
    {
        _shop.Put($$"""{"settings": {"shop": {{settings}} } }""");
        var request = Of("https://shop.example/", null, offset is null ? "{}" : $$"""{"utcOffsetMinutes": {{offset}} }""");

        Assert.Equal(hour, Read("time.hour", request).Number);
        Assert.Equal(weekday, Read("time.weekday", request).Text);
        Assert.Equal(weekend, Read("time.isWeekend", request).Boolean);
        Assert.Equal(season, Read("time.season", request).Text);
    }

    [Fact]
    public void Every_month_has_its_season()
    {
        var seasons = Enumerable.Range(1, 12).Select(month => _shop.Feature(
            "ann", "time.season", new DateTimeOffset(2026, month, 15, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()).Text);

        Assert.Equal(
            "winter winter spring spring spring summer summer summer autumn autumn autumn winter", string.Join(' ', seasons));
    }

    [Fact]
    public void The_device_and_the_country_are_those_that_the_door_saw()
    {
        var request = Of("https://shop.example/", null);
        Assert.True(Read("device.type", request).IsNothing);
        Assert.True(Read("geo.country", request).IsNothing);

        request.Client = new ClientContext("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "DE");
        Assert.Equal(
            ["phone", "Firefox Mobile", "Android", "DE"],
            new[] { "device.type", "device.browser", "device.os", "geo.country" }.Select(name => Read(name, request).Text));
        Assert.Equal(127, Read("device.browserVersion", request).Number);
    }

    private AttributeValue Read(string name, DecisionRequest request) => _shop.Feature("ann", name, Now, request);

    private static DecisionRequest Of(string url, string? referrer, string context = "{}") => new()
    {
        AnonymousId = "ann",
        Page = new PageContext(url, referrer),
        Context = AttributeValue.FromJson(JsonElement.Parse(context)),
    };
}
