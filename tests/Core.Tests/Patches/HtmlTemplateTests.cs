using System.Text;
using System.Text.Json;
using Personalization.Core.Patches;

namespace Personalization.Core.Tests.Patches;

public sealed class HtmlTemplateTests
{
    [Fact]
    public void A_list_is_rendered_item_by_item()
    {
        var template = Compile("<ul>{{#items}}<li>{{ name }}</li>{{/items}}</ul>{{! not shown }}");

        Assert.Equal("<ul><li>A</li><li>B</li></ul>", template.RenderHtml([Item("A"), Item("B")]));
    }

    [Fact]
    public void An_empty_list_shows_what_is_for_it_and_a_full_one_does_not()
    {
        var template = Compile("<p>a</p>{{^items}}<i>none</i>{{/items}}<ul>{{#items}}<li>{{name}}</li>{{/items}}</ul>{{^items}}!{{/items}}<p>z</p>");

        Assert.Equal("<p>a</p><i>none</i><ul></ul>!<p>z</p>", template.RenderHtml([]));
        Assert.Equal("<p>a</p><ul><li>A</li></ul><p>z</p>", template.RenderHtml([Item("A")]));
    }

    [Theory]
    [InlineData("1", null, "<b>1</b>")]
    [InlineData("", null, "<i>-</i>")]
    [InlineData(null, null, "<i>-</i>")]
    [InlineData("1", "2", "<b>1<u>2</u></b>")]
    [InlineData(null, "2", "<i>-</i>")]
    public void A_section_shows_when_its_field_is_not_empty_and_an_inverted_one_when_it_is(string? name, string? cls, string expected)
    {
        var template = Compile("{{#items}}{{#name}}<b>{{name}}{{#cls}}<u>{{cls}}</u>{{/cls}}</b>{{/name}}{{^name}}<i>-</i>{{/name}}{{/items}}");

        Assert.Equal(expected, template.RenderHtml([Item(name, cls: cls)]));
    }

    [Fact]
    public void A_section_may_enclose_a_part_of_an_attribute()
    {
        var template = Compile("{{#items}}<b class=\"card{{#cls}} card--{{cls}}{{/cls}}\">x</b>{{/items}}");

        Assert.Equal("<b class=\"card card--&quot;x\">x</b><b class=\"card\">x</b>", template.RenderHtml([Item("", cls: "\"x"), Item("")]));
    }

    [Fact]
    public void Values_are_escaped_for_the_place_where_they_stand()
    {
        var template = Compile("{{#items}}<b title=\"{{name}}\" lang='{{name}}'>{{name}}</b>{{/items}}");

        Assert.Equal(
            "<b title=\"&lt;&quot;&#39;&amp;&gt;\" lang='&lt;&quot;&#39;&amp;&gt;'>&lt;\"'&amp;&gt;</b>", template.RenderHtml([Item("<\"'&>")]));
    }

    [Fact]
    public void A_greater_sign_in_a_value_before_does_not_make_an_attribute_text()
    {
        var template = Compile("{{#items}}<b class=\"a > b\" title=\"{{name}}\">x</b>{{/items}}");

        Assert.Equal("<b class=\"a > b\" title=\"&quot; onclick=&quot;\">x</b>", template.RenderHtml([Item("\" onclick=\"")]));
    }

    [Theory]
    [InlineData("{{url}}", "javascript:alert(1)", "about:invalid")]
    [InlineData("{{url}}", " java\tscript:alert(1)", "about:invalid")]
    [InlineData("{{url}}", "data:image/png,x", "about:invalid")]
    [InlineData("{{url}}", "https://a.example/?b=1&c=\"", "https://a.example/?b=1&amp;c=&quot;")]
    [InlineData("{{url}}", "//cdn.example/a", "//cdn.example/a")]
    [InlineData("{{url}}", "", "")]
    [InlineData("{{#url}}java{{/url}}{{url}}", "script:x", "about:invalid")]
    [InlineData("{{url}}:alert(1)", "javascript", "about:invalid")]
    [InlineData("{{url}}&colon;alert(1)", "javascript", "about:invalid")]
    [InlineData("/{{url}}", "p/1", "/p/1")]
    [InlineData("/{{url}}", "/evil.example", "about:invalid")]
    [InlineData(" /{{url}}", "\\evil.example", "about:invalid")]
    [InlineData(" /{{url}}", "p/1", " /p/1")]
    [InlineData("&sol;{{url}}", "/evil.example", "about:invalid")]
    [InlineData("/p?q={{url}}&amp;r={{url}}", "javascript:x", "/p?q=javascript:x&amp;r=javascript:x")]
    public void An_address_is_judged_as_a_whole(string href, string url, string expected)
    {
        var template = Compile($"{{{{#items}}}}<a href=\"{href}\">x</a>{{{{/items}}}}");

        Assert.Equal($"<a href=\"{expected}\">x</a>", template.RenderHtml([Item("", url)]));
    }

    [Fact]
    public void A_picture_may_be_a_data_address_and_a_list_of_pictures_is_judged_in_all_its_parts()
    {
        var template = Compile("{{#items}}<img src=\"{{url}}\" srcset=\"/a.png 1x, {{name}} 2x\">{{/items}}");

        Assert.Equal(
            "<img src=\"data:image/gif;base64,AA==\" srcset=\"/a.png 1x, /b.png 2x\"><img src=\"about:invalid\" srcset=\"about:invalid\">",
            template.RenderHtml([Item("/b.png", "data:image/gif;base64,AA=="), Item("javascript:x", "data:image/svg+xml,x")]));
    }

    [Theory]
    [InlineData("{{#items}}{{{name}}}{{/items}}", "template_tag_refused", 11)]
    [InlineData("{{#items}}{{&name}}{{/items}}", "template_tag_refused", 11)]
    [InlineData("{{#items}}{{>part}}{{/items}}", "template_tag_refused", 11)]
    [InlineData("{{=<% %>=}}{{#items}}{{/items}}", "template_tag_refused", 1)]
    [InlineData("{{#items}}{{.}}{{/items}}", "template_tag_refused", 11)]
    [InlineData("{{#items}}{{}}{{/items}}", "template_tag_refused", 11)]
    [InlineData("{{#items}}{{name}}", "malformed_template", 1)]
    [InlineData("{{#items}}{{name{{/items}}", "template_tag_refused", 11)]
    [InlineData("{{#items}}{{/items}}{{name", "malformed_template", 21)]
    [InlineData("{{#items}}{{#name}}{{/items}}{{/name}}", "malformed_template", 20)]
    [InlineData("{{/items}}", "malformed_template", 1)]
    [InlineData("{{#items}}{{#items}}x{{/items}}{{/items}}", "malformed_template", 11)]
    [InlineData("{{#items}}{{items}}{{/items}}", "malformed_template", 11)]
    [InlineData("{{^items}}{{#items}}x{{/items}}{{/items}}", "malformed_template", 11)]
    [InlineData("{{#items}}a{{/items}}{{#items}}b{{/items}}", "several_loops", 22)]
    [InlineData("<p>x</p>", "missing_items", 1)]
    [InlineData("{{^items}}x{{/items}}", "missing_items", 1)]
    [InlineData("{{name}}{{#items}}{{/items}}", "field_outside_items", 1)]
    [InlineData("{{^items}}{{name}}{{/items}}{{#items}}{{/items}}", "field_outside_items", 11)]
    [InlineData("{{#items}}{{nmae}}{{/items}}", "unknown_field", 11)]
    [InlineData("{{#items}}<p title={{name}}>x</p>{{/items}}", "placeholder_refused", 20)]
    [InlineData("{{#items}}<{{name}}>x</p>{{/items}}", "placeholder_refused", 12)]
    [InlineData("{{#items}}<p{{name}}>x</p>{{/items}}", "malformed_html", 13)]
    [InlineData("{{#items}}<p {{name}}=\"a\">x</p>{{/items}}", "placeholder_refused", 14)]
    [InlineData("{{#items}}<p {{#name}}hidden{{/name}}>x</p>{{/items}}", "placeholder_refused", 14)]
    [InlineData("{{#items}}<p onclick=\"{{name}}\">x</p>{{/items}}", "event_handler_refused", 14)]
    [InlineData("{{#items}}<p style=\"{{name}}\">x</p>{{/items}}", "attribute_refused", 14)]
    [InlineData("{{#items}}<script>{{name}}</script>{{/items}}", "script_refused", 11)]
    [InlineData("{{#items}}<style>{{name}}</style>{{/items}}", "element_refused", 11)]
    [InlineData("{{#items}}<!-- {{name}} -->{{/items}}", "malformed_html", 11)]
    [InlineData("{{#items}}<scr{{! hidden }}ipt>x</script>{{/items}}", "script_refused", 11)]
    [InlineData("{{#items}}<a href=\"javascript:{{name}}\">x</a>{{/items}}", "unsafe_url", 20)]
    [InlineData("{{#items}}<a href=\"java{{name}}script:x\">x</a>{{/items}}", "unsafe_url", 20)]
    [InlineData("{{#items}}<p>&{{name}};</p>{{/items}}", "malformed_html", 14)]
    [InlineData("{{#items}}<p>{{#name}}</p>{{/name}}{{/items}}", "malformed_html", 23)]
    [InlineData("<ul>{{#items}}<li>{{/items}}</ul>", "malformed_html", 19)]
    [InlineData("{{#items}}<p title=\"{{#name}}\">x</p>{{/name}}{{/items}}", "malformed_html", 21)]
    [InlineData("{{#items}}<p title=\"{{#name}}a\" class=\"b{{/name}}\">x</p>{{/items}}", "malformed_html", 21)]
    [InlineData("<p title=\"{{#items}}{{name}}{{/items}}\">x</p>", "placeholder_refused", 11)]
    [InlineData("<a href=\"{{#items}}{{name}}{{/items}}\">x</a>", "placeholder_refused", 10)]
    [InlineData("<p title=\"{{^items}}a{{/items}}\">x</p>{{#items}}{{/items}}", "placeholder_refused", 11)]
    [InlineData("<table><tbody>{{#items}}{{name}}{{/items}}</tbody></table>", "malformed_html", 25)]
    [InlineData("<div>{{#items}}<tr><td>x</td></tr>{{/items}}</div>", "malformed_html", 16)]
    [InlineData("\uFDD0{{#items}}{{/items}}", "malformed_html", 1)]
    public void What_is_refused_is_told_with_code_and_position_in_the_template(string html, string code, int character)
    {
        var problems = new List<Problem>();

        Assert.Null(HtmlTemplate.Compile<Product>(html, "html", Field, problems));
        Assert.Equal(("html", code), (problems[0].Path, problems[0].Code));
        Assert.StartsWith($"At character {character}: ", problems[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_nest_at_most_20_deep()
    {
        Assert.NotNull(HtmlTemplate.Compile<Product>(Nested(19), "html", Field, []));
        Assert.Null(HtmlTemplate.Compile<Product>(Nested(20), "html", Field, []));

        static string Nested(int depth) =>
            "{{#items}}" + string.Concat(Enumerable.Repeat("{{#name}}", depth)) + string.Concat(Enumerable.Repeat("{{/name}}", depth)) + "{{/items}}";
    }

    [Fact]
    public void Fields_are_bound_once_a_name()
    {
        var asked = new List<string>();
        HtmlTemplate.Compile<Product>("{{#items}}{{name}}{{#name}}{{url}}{{/name}}{{/items}}", "html", name => { asked.Add(name); return Field(name); }, []);

        Assert.Equal(["name", "url"], asked);
    }

    [Theory]
    [InlineData("setHtml", null, """{"op":"setHtml","selector":"#recs","html":" """)]
    [InlineData("replace", null, """{"op":"replace","selector":"#recs","html":" """)]
    [InlineData("insert", "after", """{"op":"insert","selector":"#recs","position":"after","html":" """)]
    public void The_parts_of_a_template_patch_make_the_JSON_that_a_patch_would_have(string op, string? position, string prefix)
    {
        var patch = ReadPatch(Json(op, position, "<ul title=\"a\">{{#items}}<li>{{name}}</li>{{/items}}</ul>{{^items}}none{{/items}}"), out var problems)!;
        Assert.Empty(problems);
        Assert.Equal(prefix.TrimEnd(), Encoding.UTF8.GetString(patch.JsonPrefix.Span));

        Product[] items = [Item("A \"<\\&\u2028"), Item("\uD83D\uDE00\uD800")];
        var full = Join([patch.JsonPrefix, patch.Template.Head, .. items.Select(item => (ReadOnlyMemory<byte>)patch.Template.RenderItem(item)), patch.Template.Tail, patch.JsonSuffix]);
        var empty = Join([patch.JsonPrefix, patch.Template.Empty, patch.JsonSuffix]);

        Assert.Equal(patch.Template.RenderHtml(items), JsonDocument.Parse(full).RootElement.GetProperty("html").GetString());
        Assert.Equal(patch.Template.RenderHtml([]), JsonDocument.Parse(empty).RootElement.GetProperty("html").GetString());
        var problemsOfResult = new List<Problem>();
        var asPatch = PatchReader.Read(JsonDocument.Parse(full).RootElement, "p", problemsOfResult);
        Assert.Empty(problemsOfResult);
        Assert.Equal(full, Encoding.UTF8.GetString(asPatch!.Utf8Json.Span));
    }

    [Theory]
    [InlineData("""{"op":"setText","selector":"p","html":"{{#items}}{{/items}}"}""", "p.op", "op_without_html")]
    [InlineData("""{"op":"insert","selector":"p","html":"{{#items}}{{/items}}"}""", "p.position", "missing_field")]
    [InlineData("""{"op":"setHtml","selector":"p","html":"{{#items}}{{/items}}","position":"after"}""", "p.position", "unknown_field")]
    [InlineData("""{"op":"setHtml","selector":"script","html":"{{#items}}{{/items}}"}""", "p.selector", "protected_element")]
    [InlineData("""{"op":"setHtml","selector":"p","html":"{{#items}}{{nmae}}{{/items}}"}""", "p.html", "unknown_field")]
    [InlineData("""{"op":"setHtml","selector":"p"}""", "p.html", "missing_field")]
    [InlineData("""{"op":"setHtml","selector":"p","html":"{{#items}}{{/items}}","thml":""}""", "p.thml", "unknown_field")]
    public void What_is_wrong_with_a_template_patch_is_told_with_its_path(string json, string path, string code)
    {
        Assert.Null(ReadPatch(json, out var problems));
        Assert.Equal((path, code), (Assert.Single(problems).Path, problems[0].Code));
    }

    internal static Func<Product, string?>? Field(string name) => name switch
    {
        "name" => product => product.Name,
        "url" => product => product.Url,
        "cls" => product => product.Cls,
        _ => null,
    };

    internal static string Join(IEnumerable<ReadOnlyMemory<byte>> parts) => string.Concat(parts.Select(part => Encoding.UTF8.GetString(part.Span)));

    private static Product Item(string? name, string? url = null, string? cls = null) => new(name, url, cls);

    private static HtmlTemplate<Product> Compile(string html)
    {
        var problems = new List<Problem>();
        var template = HtmlTemplate.Compile<Product>(html, "html", Field, problems);
        Assert.Empty(problems);
        return template!;
    }

    private static string Json(string op, string? position, string html) => position is null
        ? JsonSerializer.Serialize(new { op, selector = "#recs", html })
        : JsonSerializer.Serialize(new { op, selector = "#recs", html, position });

    private static TemplatePatch<Product>? ReadPatch(string json, out List<Problem> problems)
    {
        problems = [];
        return TemplatePatchReader.Read<Product>(JsonDocument.Parse(json).RootElement, "p", Field, problems);
    }

    internal sealed record Product(string? Name, string? Url, string? Cls);
}
