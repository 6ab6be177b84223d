using System.Text;
using System.Text.Json;
using Personalization.Core.Patches;

namespace Personalization.Core.Tests.Patches;

public sealed class PatchReaderTests
{
    [Theory]
    [InlineData("""{"op":"setText","selector":"h1","text":"Hello \"you\" & <b>"}""")]
    [InlineData("""{"op":"setHtml","selector":"#hero","html":"<h2>Größe 😀</h2>"}""")]
    [InlineData("""{"op":"setAttribute","selector":"img.hero","name":"src","value":"/b.png"}""")]
    [InlineData("""{"op":"removeAttribute","selector":"a","name":"target"}""")]
    [InlineData("""{"op":"addClass","selector":"body","classes":["promo","md:flex"]}""")]
    [InlineData("""{"op":"removeClass","selector":"body","classes":["old"]}""")]
    [InlineData("""{"op":"setStyle","selector":".a","property":"--brand-color","value":"rgb(0 0 0 / 50%)"}""")]
    [InlineData("""{"op":"setStyle","selector":".a","property":"background","value":"url('/a.png') no-repeat","important":true}""")]
    [InlineData("""{"op":"insert","selector":".a","position":"after","html":"<p>x</p>"}""")]
    [InlineData("""{"op":"move","selector":".a","target":"main > .b","position":"prepend"}""")]
    [InlineData("""{"op":"remove","selector":".a, .b"}""")]
    [InlineData("""{"op":"replace","selector":".a","html":"<p>x</p>"}""")]
    [InlineData("""{"op":"hide","selector":".a"}""")]
    [InlineData("""{"op":"show","selector":".a"}""")]
    [InlineData("""{"op":"redirect","url":"https://shop.example/b?x=1#y"}""")]
    [InlineData("""{"op":"redirect","url":"/b"}""")]
    [InlineData("""{"op":"css","css":".a > b { scroll-behavior: smooth; background: url(data:image/png;base64,AA==) }"}""")]
    public void A_patch_is_written_as_it_was_read(string json)
    {
        var patch = Read(json, out var problems);

        Assert.Empty(problems);
        Assert.True(JsonElement.DeepEquals(Parse(json), Parse(Encoding.UTF8.GetString(patch!.Utf8Json.Span))));
        Assert.DoesNotContain("<", Encoding.UTF8.GetString(patch.Utf8Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_are_written_in_one_order_whatever_order_they_were_read_in()
    {
        var one = Read("""{"html":"x","position":"before","selector":".a","op":"insert"}""", out _)!;

        Assert.Equal("""{"op":"insert","selector":".a","position":"before","html":"x"}""", Encoding.UTF8.GetString(one.Utf8Json.Span));
    }

    [Fact]
    public void A_patch_tells_its_arguments()
    {
        var move = Read("""{"op":"move","selector":".a","target":"main","position":"append"}""", out _)!;

        Assert.Equal(PatchOp.Move, move.Op);
        Assert.Equal(".a", move.Selector!.Text);
        Assert.Equal("main", move.Arguments.Target!.Text);
        Assert.Equal(InsertPosition.Append, move.Arguments.Position);
        Assert.Null(Read("""{"op":"redirect","url":"/b"}""", out _)!.Selector);
    }

    [Theory]
    [InlineData("""{"op":"setText","selector":"h1"}""", "p.text", "missing_field")]
    [InlineData("""{"op":"setText","selector":"h1","text":1}""", "p.text", "wrong_type")]
    [InlineData("""{"op":"setText","text":"x"}""", "p.selector", "missing_field")]
    [InlineData("""{"op":"setText","selector":"h1","text":"x","txt":"y"}""", "p.txt", "unknown_field")]
    [InlineData("""{"op":"setText","selector":"h1","text":"x","text":"y"}""", "p.text", "duplicate_field")]
    [InlineData("""{"op":"setText","selector":"h1","text":"\ud800"}""", "p.text", "invalid_text")]
    [InlineData("""{"op":"setText","selector":"h1","text":"x","\ud800":"y"}""", "p.\uFFFD", "unknown_field")]
    [InlineData("""{"op":"settext","selector":"h1","text":"x"}""", "p.op", "unknown_op")]
    [InlineData("""{"op":"0","selector":"h1","text":"x"}""", "p.op", "unknown_op")]
    [InlineData("""{"selector":"h1","text":"x"}""", "p.op", "missing_field")]
    [InlineData("""[]""", "p", "wrong_type")]
    [InlineData("""{"op":"hide","selector":"p::before"}""", "p.selector", "invalid_selector")]
    [InlineData("""{"op":"setText","selector":"p, body script","text":"alert(1)"}""", "p.selector", "protected_element")]
    [InlineData("""{"op":"setAttribute","selector":"IFRAME","name":"src","value":"/x"}""", "p.selector", "protected_element")]
    [InlineData("""{"op":"move","selector":"p","target":"style","position":"append"}""", "p.target", "protected_element")]
    [InlineData("""{"op":"move","selector":"p","target":"div","position":"inside"}""", "p.position", "unknown_position")]
    [InlineData("""{"op":"insert","selector":"p","html":"x"}""", "p.position", "missing_field")]
    [InlineData("""{"op":"setHtml","selector":"p","html":"x","position":"after"}""", "p.position", "unknown_field")]
    [InlineData("""{"op":"setHtml","selector":"p","html":"<script>x</script>"}""", "p.html", "script_refused")]
    [InlineData("""{"op":"addClass","selector":"p","classes":"a"}""", "p.classes", "wrong_type")]
    [InlineData("""{"op":"addClass","selector":"p","classes":[]}""", "p.classes", "wrong_type")]
    [InlineData("""{"op":"addClass","selector":"p","classes":["a","b c"]}""", "p.classes[1]", "invalid_class")]
    [InlineData("""{"op":"addClass","selector":"p","classes":["a",2]}""", "p.classes[1]", "wrong_type")]
    [InlineData("""{"op":"setStyle","selector":"p","property":"color","value":"red","important":"yes"}""", "p.important", "wrong_type")]
    [InlineData("""{"op":"redirect","selector":"p","url":"/b"}""", "p.selector", "unknown_field")]
    [InlineData("""{"op":"css","selector":"p","css":"b{}"}""", "p.selector", "unknown_field")]
    public void What_is_wrong_is_told_with_its_path(string json, string path, string code)
    {
        Assert.Null(Read(json, out var problems));
        var problem = Assert.Single(problems);
        Assert.Equal((path, code), (problem.Path, problem.Code));
    }

    [Fact]
    public void Everything_that_is_wrong_with_a_list_is_told_at_once()
    {
        var problems = new List<Problem>();
        var list = PatchReader.ReadList(Parse(
            """
            [{"op":"hide","selector":"p"},
             {"op":"insert","selector":"*","html":"<p onclick='x'>","position":"in","extra":1},
             {"op":"jump"}, 3]
            """), "patches", problems);

        Assert.Null(list);
        Assert.Equal(
            ["patches[1].selector", "patches[1].html", "patches[1].html", "patches[1].position", "patches[1].extra", "patches[2].op", "patches[3]"],
            problems.Select(problem => problem.Path));
    }

    [Fact]
    public void A_list_keeps_its_order_and_holds_at_most_200_patches()
    {
        var problems = new List<Problem>();
        var list = PatchReader.ReadList(Parse("""[{"op":"hide","selector":".a"},{"op":"show","selector":".b"}]"""), "patches", problems);

        Assert.Equal([PatchOp.Hide, PatchOp.Show], list!.Select(patch => patch.Op));
        var many = "[" + string.Join(',', Enumerable.Repeat("""{"op":"hide","selector":".a"}""", 201)) + "]";
        Assert.Null(PatchReader.ReadList(Parse(many), "patches", problems));
        Assert.Equal("patches", Assert.Single(problems).Path);
    }

    [Theory]
    [InlineData("onclick", "x", "event_handler_refused")]
    [InlineData("ONCLICK", "x", "event_handler_refused")]
    [InlineData("style", "color:red", "attribute_refused")]
    [InlineData("srcdoc", "x", "attribute_refused")]
    [InlineData("formaction", "/x", "attribute_refused")]
    [InlineData("http-equiv", "refresh", "attribute_refused")]
    [InlineData("a b", "x", "attribute_refused")]
    [InlineData("", "x", "attribute_refused")]
    [InlineData("1a", "x", "attribute_refused")]
    [InlineData("title\n", "x", "attribute_refused")]
    [InlineData("href", "javascript:x", "unsafe_url")]
    [InlineData("HREF", " jAva\tscript:x", "unsafe_url")]
    [InlineData("xlink:href", "javascript:x", "unsafe_url")]
    [InlineData("href", "&#106;avascript:x", "unsafe_url")]
    [InlineData("href", "data:image/png,x", "unsafe_url")]
    [InlineData("src", "data:image/svg+xml,x", "unsafe_url")]
    [InlineData("data-url", "a;java script:x", "unsafe_url")]
    public void Attributes_that_run_code_are_not_set(string name, string value, string code)
    {
        Assert.Null(Read(Json(new { op = "setAttribute", selector = "a", name, value }), out var problems));
        Assert.Equal(code, Assert.Single(problems).Code);
    }

    [Theory]
    [InlineData("title", "javascript: the good parts")]
    [InlineData("src", "data:image/webp;base64,AA==")]
    [InlineData("aria-label", "vbscript: x")]
    [InlineData("data-id", "7")]
    [InlineData("_x:y.z-1", "")]
    public void Harmless_attributes_are_set(string name, string value) =>
        Assert.NotNull(Read(Json(new { op = "setAttribute", selector = "a", name, value }), out _));

    [Theory]
    [InlineData("sandbox", false)]
    [InlineData("Integrity", false)]
    [InlineData("on click", false)]
    [InlineData("onclick", true)]
    [InlineData("style", true)]
    public void Attributes_that_protect_the_page_are_not_removed(string name, bool isAccepted) =>
        Assert.Equal(isAccepted, Read(Json(new { op = "removeAttribute", selector = "a", name }), out _) is not null);

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData(" /a")]
    [InlineData("javascript:x")]
    [InlineData("java\nscript:x")]
    [InlineData("data:text/html,x")]
    [InlineData("ftp://a.example")]
    [InlineData("https:a.example")]
    [InlineData("https:///a")]
    [InlineData("https://shop.example@evil.example/")]
    [InlineData("shop/b")]
    [InlineData("")]
    public void A_redirect_goes_to_a_path_of_the_site_or_an_absolute_address(string url)
    {
        Assert.Null(Read(Json(new { op = "redirect", url }), out var problems));
        Assert.Equal(("p.url", "unsafe_url"), (Assert.Single(problems).Path, problems[0].Code));
    }

    [Theory]
    [InlineData("color;x", "red")]
    [InlineData("co lor", "red")]
    [InlineData("behavior", "x")]
    [InlineData("-moz-binding", "x")]
    [InlineData("", "red")]
    [InlineData("color", "red;background:blue")]
    [InlineData("color", "red}")]
    [InlineData("color", "red !important")]
    [InlineData("width", "expression(alert(1))")]
    [InlineData("width", "exp/**/ression(alert(1))")]
    [InlineData("width", "e\\78pression(alert(1))")]
    [InlineData("background", "url(javascript:alert(1))")]
    [InlineData("background", "url( ' java script:alert(1)')")]
    [InlineData("background", "url(data:text/html,x)")]
    [InlineData("background", "url('/a.png'")]
    [InlineData("content", "'a")]
    [InlineData("color", "</style>")]
    public void Styles_that_run_code_or_leave_their_declaration_are_refused(string property, string value)
    {
        Assert.Null(Read(Json(new { op = "setStyle", selector = "a", property, value }), out var problems));
        Assert.Equal("css_refused", Assert.Single(problems).Code);
    }

    [Theory]
    [InlineData("@import 'x.css';")]
    [InlineData("@IMPORT url(x.css);")]
    [InlineData("@\\69mport 'x.css';")]
    [InlineData("@im/**/port 'x.css';")]
    [InlineData("a{}</style><script>")]
    [InlineData("a{width:expression(alert(1))}")]
    [InlineData("a{width:expression (alert(1))}")]
    [InlineData("a{background:url(javascript:x)}")]
    [InlineData("a{background:url(j\\61vascript:x)}")]
    [InlineData("a{background:url(\"data:text/html,x\")}")]
    [InlineData("a{behavior:url(x.htc)}")]
    [InlineData("a{-moz-binding:url(x.xml)}")]
    [InlineData("a{color:red")]
    [InlineData("a{color:red}}")]
    [InlineData("a{content:'x}")]
    [InlineData("a{} /* open")]
    [InlineData("a{}\\")]
    public void Style_sheets_that_load_code_or_do_not_end_are_refused(string css)
    {
        Assert.Null(Read(Json(new { op = "css", css }), out var problems));
        Assert.Equal(("p.css", "css_refused"), (Assert.Single(problems).Path, problems[0].Code));
    }

    [Theory]
    [InlineData("@media (width <= 600px) { .md\\:flex { content: '\\201C }'; overscroll-behavior: none } } /* } */")]
    [InlineData("a{background:url(https://cdn.example/a.png),url(data:image/svg+xml,%3Csvg%3E)}")]
    [InlineData("")]
    public void Ordinary_style_sheets_are_accepted(string css) => Assert.NotNull(Read(Json(new { op = "css", css }), out _));

    public static TheoryData<string> Payloads => [.. XssPayloads.Markup];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void No_op_lets_a_payload_become_markup_or_an_address(string payload)
    {
        // A fragment of these payloads is an address only with its tag, which no address holds.
        Assert.Null(Read(Json(new { op = "setHtml", selector = "p", html = payload }), out _));
        Assert.Null(Read(Json(new { op = "replace", selector = "p", html = payload }), out _));
        Assert.Null(Read(Json(new { op = "insert", selector = "p", position = "after", html = payload }), out _));
        Assert.Null(Read(Json(new { op = "redirect", url = payload }), out _));
        Assert.Null(Read(Json(new { op = "hide", selector = payload }), out _));
        Assert.Null(Read(Json(new { op = "setAttribute", selector = "p", name = payload, value = "x" }), out _));
        Assert.Null(Read(Json(new { op = "removeAttribute", selector = "p", name = payload }), out _));
        Assert.Null(Read(Json(new { op = "setStyle", selector = "p", property = payload, value = "x" }), out _));

        var text = Read(Json(new { op = "setText", selector = "p", text = payload }), out _)!;
        Assert.Equal(payload, Parse(Encoding.UTF8.GetString(text.Utf8Json.Span)).GetProperty("text").GetString());
        var inline = Inert.Parse("<script type=application/json>" + Encoding.UTF8.GetString(text.Utf8Json.Span) + "</script>");
        Assert.Equal(Encoding.UTF8.GetString(text.Utf8Json.Span), Assert.Single(inline.Children).TextContent);

        var css = Read(Json(new { op = "css", css = payload }), out _);
        Assert.DoesNotContain("</", css?.Arguments.Css ?? "", StringComparison.Ordinal);
        var value = Read(Json(new { op = "setStyle", selector = "p", property = "color", value = payload }), out _);
        Assert.DoesNotContain("<", value?.Arguments.Value ?? "", StringComparison.Ordinal);
        var href = Read(Json(new { op = "setAttribute", selector = "a", name = "href", value = payload }), out _);
        Assert.Empty(href is null ? [] : Inert.Dangers(Inert.Parse($"<a href=\"{href.Arguments.Value!.Replace("\"", "&quot;", StringComparison.Ordinal)}\">x</a>")));
    }

    private static string Json<T>(T patch) => JsonSerializer.Serialize(patch);

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static Patch? Read(string json, out List<Problem> problems)
    {
        problems = [];
        return PatchReader.Read(Parse(json), "p", problems);
    }
}
