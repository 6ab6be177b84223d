using System.Text.Json;
using AngleSharp.Dom;
using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Patches;
using Product = Personalization.Core.Tests.Patches.HtmlTemplateTests.Product;

namespace Personalization.Core.Tests.Patches;

public sealed class HtmlTemplateSafetyTests
{
    private const string Template =
        """
        <div class="recs"><ul>{{#items}}<li class="c > {{cls}}{{#cls}} has-{{cls}}{{/cls}}" data-cls='{{cls}}'><a href="{{url}}" title="{{name}}">{{name}}</a>
        <img src="{{url}}" srcset='{{url}} 2x' alt='{{name}}'><a href="/p/{{url}}?n={{name}}">{{#name}}<b>{{name}}</b>{{/name}}{{^name}}<i>-</i>{{/name}}</a></li>{{/items}}</ul></div>
        """;

    private static readonly Gen<string?> Values = Gen.OneOf<string?>(
        ArbMap.Default.GeneratorFor<string?>(),
        Gen.Elements(XssPayloads.Values.ToArray<string?>()),
        Gen.Elements(XssPayloads.Markup.ToArray<string?>()),
        Gen.Elements(XssPayloads.Values.Concat(XssPayloads.Markup)).ListOf(2).Select(string? (pair) => string.Concat(pair)),
        Gen.Elements("\"", "'", "<", ">", "&", "=", " ", "java", "script", ":", "\t", "\0", "/", "\\", "x", "\uD83D", "\uDE00", "data", ",", "http").ListOf()
            .Select(string? (parts) => string.Concat(parts)));

    private static readonly Gen<Product[]> Lists =
        from count in Gen.Choose(0, 3)
        from items in (from name in Values from url in Values from cls in Values select new Product(name, url, cls)).ListOf(count)
        select items.ToArray();

    private readonly HtmlTemplate<Product> _template = HtmlTemplate.Compile<Product>(Template, "html", HtmlTemplateTests.Field, [])!;

    [Fact]
    public void Whatever_the_items_hold_the_page_stays_inert_and_shows_them_as_they_are()
    {
        var shown = 0;
        Prop.ForAll(Lists.ToArbitrary(), items =>
        {
            var body = Inert.Parse(_template.RenderHtml(items));

            Assert.Empty(Inert.Dangers(body));
            var rows = body.QuerySelectorAll("div.recs > ul > li").ToList();
            Assert.Equal(items.Length, rows.Count);
            Assert.All(items.Zip(rows), pair => AssertShows(pair.First, pair.Second));
            shown += rows.Count;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

        Assert.True(shown > 1_000, $"Only {shown} items were generated.");
    }

    [Fact]
    public void Whatever_the_items_hold_the_joined_parts_are_the_JSON_of_what_is_rendered()
    {
        Prop.ForAll(Lists.ToArbitrary(), items =>
        {
            ReadOnlyMemory<byte>[] parts = items.Length == 0
                ? [_template.Empty]
                : [_template.Head, .. items.Select(item => (ReadOnlyMemory<byte>)_template.RenderItem(item)), _template.Tail];
            var json = "\"" + HtmlTemplateTests.Join(parts) + "\"";

            Assert.Equal(_template.RenderHtml(items), JsonDocument.Parse(json).RootElement.GetString());
            Assert.DoesNotContain("<", json, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    public static TheoryData<string> Payloads => [.. XssPayloads.Values, .. XssPayloads.Markup];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_payload_in_every_field_stays_inert(string payload)
    {
        var item = new Product(payload, payload, payload);
        var body = Inert.Parse(_template.RenderHtml([item]));

        Assert.Empty(Inert.Dangers(body));
        AssertShows(item, Assert.Single(body.QuerySelectorAll("li")));
    }

    private static void AssertShows(Product item, IElement row)
    {
        var name = Clean(item.Name);
        Assert.Equal(
            ["class", "data-cls"], row.Attributes.Select(attribute => attribute.Name));
        Assert.Equal(Clean(item.Cls), row.GetAttribute("data-cls"));
        Assert.Equal(name, row.QuerySelector("a")!.GetAttribute("title"));
        Assert.Equal(name, row.QuerySelector("a")!.TextContent);
        Assert.Equal(name, row.QuerySelector("img")!.GetAttribute("alt"));
        Assert.Equal(name.Length > 0 ? name : "-", row.QuerySelector(name.Length > 0 ? "b" : "i")!.TextContent);

        var href = row.QuerySelector("a")!.GetAttribute("href")!;
        Assert.True(href == "about:invalid" || href == Clean(item.Url), href);
        if ((item.Url ?? "").StartsWith("https://", StringComparison.Ordinal))
        {
            Assert.Equal(Clean(item.Url), href);
        }
    }

    // What no HTML document can hold becomes the replacement character; all else must come back as it was.
    private static string Clean(string? value) => string.Concat((value ?? "").EnumerateRunes().Select(rune =>
        rune.Value is < 0x20 and not ('\t' or '\n' or '\r') or (>= 0x7F and <= 0x9F) or (>= 0xFDD0 and <= 0xFDD3) ? "\uFFFD" : rune.ToString()));
}
