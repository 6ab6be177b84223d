using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Patches;

namespace Personalization.Core.Tests.Patches;

public sealed class MarkupPolicyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("just text & more, a = b > c")]
    [InlineData("<h2 class=\"hero\" id=\"h\">New &amp; old &copy; &#169; &unknown;</h2>")]
    [InlineData("<ul>\n  <li><a href=\"/p/1?a=1&b=2#c\" target=\"_blank\" rel=\"noopener\">One</a></li>\n</ul>")]
    [InlineData("<li>at the top the page decides</li><td>too</td>")]
    [InlineData("<img src=\"https://cdn.example/a.png\" srcset=\"/a.png 1x, /b,c.png 2x\" alt=\"\" loading='lazy' width=\"10\"/>")]
    [InlineData("<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"a\">")]
    [InlineData("<img src=\"//cdn.example/a.webp\" alt=\"a\"><br><br/><hr />")]
    [InlineData("<a href=\"mailto:a@b.example\">m</a><a href=\"tel:+49\">t</a><a href=\"?q=javascript:x\">q</a><a href=\"/a:b\">p</a>")]
    [InlineData("<button type=\"button\" data-track=\"buy\" aria-label=\"Buy\" disabled>Buy</button>")]
    [InlineData("<table><caption>c</caption><colgroup><col></colgroup><tbody> <tr> <td colspan=\"2\">x</td> </tr> </tbody></table>")]
    [InlineData("<details open><summary>s</summary><p>t <b>u <i>v</i></b></p></details>")]
    [InlineData("<video src=\"/a.mp4\" poster=\"/a.jpg\" controls muted><track src=\"/a.vtt\" kind=\"captions\"></video>")]
    [InlineData("<DIV CLASS=\"a > b\" Title=\"javascript: the good parts\">x</Div>")]
    public void Ordinary_markup_is_accepted(string html)
    {
        var problems = new List<Problem>();

        Assert.True(MarkupPolicy.Check(html, "html", problems));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("<p>x</p><script>y</script>", "script_refused", 9)]
    [InlineData("<p onclick=\"x\">y</p>", "event_handler_refused", 4)]
    [InlineData("<p OnClick='x'>y</p>", "event_handler_refused", 4)]
    [InlineData("<a href=\" java&#x0a;script&colon;x\">y</a>", "unsafe_url", 10)]
    [InlineData("<a href=\"data:image/png,x\">y</a>", "unsafe_url", 10)]
    [InlineData("<img src=\"data:image/svg+xml,x\">", "unsafe_url", 11)]
    [InlineData("<img srcset=\"/a 1x, javascript:x 2x\">", "unsafe_url", 14)]
    [InlineData("<svg></svg>", "element_refused", 1)]
    [InlineData("<x-card></x-card>", "element_refused", 1)]
    [InlineData("<form></form>", "element_refused", 1)]
    [InlineData("<p style=\"color:red\">y</p>", "attribute_refused", 4)]
    [InlineData("<p href=\"/\">y</p>", "attribute_refused", 4)]
    [InlineData("<a name=\"x\">y</a>", "attribute_refused", 4)]
    [InlineData("<p title=x>y</p>", "malformed_html", 10)]
    [InlineData("<p>y", "malformed_html", 5)]
    [InlineData("y</p>", "malformed_html", 2)]
    [InlineData("<b><i>y</b></i>", "malformed_html", 8)]
    [InlineData("<p/>", "malformed_html", 3)]
    [InlineData("a<!-- c -->", "malformed_html", 2)]
    [InlineData("a < b", "malformed_html", 3)]
    [InlineData("<p title=\"a<b\">y</p>", "malformed_html", 12)]
    [InlineData("<p title=\"a\" title=\"b\">y</p>", "malformed_html", 14)]
    [InlineData("<p title=\"a\"class=\"b\">y</p>", "malformed_html", 13)]
    [InlineData("&#60 x", "malformed_html", 1)]
    [InlineData("a&#0;", "malformed_html", 2)]
    [InlineData("<a href=\"?a&strange;\">y</a>", "malformed_html", 12)]
    [InlineData("a\u0000", "malformed_html", 2)]
    [InlineData("<p>a<div>b</div></p>", "malformed_html", 5)]
    [InlineData("<div><li>a</li></div>", "malformed_html", 6)]
    [InlineData("<table><tr><td>a</td></tr></table>", "malformed_html", 8)]
    [InlineData("<table>a</table>", "malformed_html", 8)]
    [InlineData("<a href=\"/\">a<b><a href=\"/\">b</a></b></a>", "malformed_html", 17)]
    public void What_is_refused_is_told_with_code_and_position(string html, string code, int character)
    {
        var problems = new List<Problem>();

        Assert.False(MarkupPolicy.Check(html, "patches[2].html", problems));
        Assert.Equal("patches[2].html", problems[0].Path);
        Assert.Equal(code, problems[0].Code);
        Assert.StartsWith($"At character {character}: ", problems[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_a_fragment_are_told_in_order()
    {
        var problems = new List<Problem>();
        MarkupPolicy.Check("<p style=\"x\" onclick=\"y\">a</p><form></form><a href=\"javascript:x\">b</a>", "html", problems);

        Assert.Equal(["attribute_refused", "event_handler_refused", "element_refused", "unsafe_url"], problems.Select(problem => problem.Code));
    }

    public static TheoryData<string> Payloads => [.. XssPayloads.Markup];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Markup_that_runs_code_or_cannot_be_understood_is_refused(string html)
    {
        var problems = new List<Problem>();

        Assert.False(MarkupPolicy.Check(html, "html", problems));
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void The_payloads_are_dangerous_when_they_are_not_refused()
    {
        // Guards the judge that the other tests trust: it must see a danger in the payloads that have one for a parser.
        var seen = XssPayloads.Markup.Count(html => Inert.Dangers(Inert.Parse(html)).Count > 0);

        Assert.True(seen > 90, $"Only {seen} of {XssPayloads.Markup.Count}.");
    }

    [Fact]
    public void A_fragment_has_at_most_65536_characters_and_nests_at_most_100_deep()
    {
        var problems = new List<Problem>();
        Assert.True(MarkupPolicy.Check(new string('a', 65_536), "html", problems));
        Assert.False(MarkupPolicy.Check(new string('a', 65_537), "html", problems));
        Assert.Equal("too_long", Assert.Single(problems).Code);
        Assert.True(MarkupPolicy.Check(Nested(100), "html", []));
        Assert.False(MarkupPolicy.Check(Nested(101), "html", []));

        static string Nested(int depth) => string.Concat(Enumerable.Repeat("<div>", depth)) + string.Concat(Enumerable.Repeat("</div>", depth));
    }

    [Fact]
    public void What_is_accepted_becomes_the_tree_that_is_written()
    {
        var accepted = 0;
        Prop.ForAll(Trees(4).Select(trees => $"<div>{trees}</div>").ToArbitrary(), html =>
        {
            if (MarkupPolicy.Check(html, "html", []))
            {
                accepted++;
                Assert.Equal(html, Inert.Parse(html).InnerHtml);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

        Assert.True(accepted > 300, $"Only {accepted} generated fragments were accepted.");
    }

    [Fact]
    public void Whatever_is_put_together_what_is_accepted_is_inert()
    {
        string[] pieces =
        [
            "<p>", "</p>", "<a href=\"", "<img src='", "\"", "'", ">", "/>", "javascript:", "java", "script:", "&#9;", "&Tab;", "&", ";", "#", "/", " ",
            "<script>", "</script>", " onclick=\"x\"", "<!--", "-->", "<svg>", "<style>", "data:text/html,", "https://a", "text", "</a>", "<b title=\"", "<br>",
        ];
        var accepted = 0;
        Prop.ForAll(Gen.Elements(pieces).ListOf().Select(string.Concat).ToArbitrary(), html =>
        {
            if (MarkupPolicy.Check(html, "html", []))
            {
                accepted++;
                Assert.Empty(Inert.Dangers(Inert.Parse(html)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

        Assert.True(accepted > 100, $"Only {accepted} generated fragments were accepted.");
    }

    [Theory]
    [InlineData("script", true)]
    [InlineData("IFRAME", true)]
    [InlineData("style", true)]
    [InlineData("div", false)]
    public void Code_settings_and_other_documents_are_out_of_reach(string element, bool isProtected) =>
        Assert.Equal(isProtected, MarkupPolicy.IsProtected(element));

    private static Gen<string> Trees(int depth) =>
        from count in Gen.Choose(0, depth == 4 ? 3 : 2)
        from nodes in Node(depth).ListOf(count)
        select string.Concat(nodes);

    private static Gen<string> Node(int depth) =>
        from name in Gen.Elements(
            "div", "p", "b", "a", "span", "h2", "ul", "li", "ol", "dl", "dt", "dd", "table", "tbody", "tr", "td", "caption", "button", "ruby", "rt", "section",
            "em", "code", "label", "details", "summary", "blockquote", "pre", "figure")
        from children in depth == 0 ? Gen.Constant("") : Trees(depth - 1)
        from text in Gen.Elements("", "", "x")
        select $"<{name}>{text}{children}</{name}>";
}
