using AngleSharp.Css.Parser;
using AngleSharp.Dom;
using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Patches;

namespace Personalization.Core.Tests.Patches;

public sealed class SelectorTests
{
    private static readonly string[] Simple =
    [
        ".a", ".b", ".c", "#x", "#y", "[data-k]", "[data-k=ab]", "[data-k='']", "[data-k=\"a b\"]", "[data-k^=a]", "[data-k$=b]", "[data-k*='-']",
        "[data-k~=b]", "[data-k|=a]", "[ DATA-K = 'ab' ]", ":first-child", ":last-child", ":nth-child(odd)", ":nth-child(EVEN)", ":nth-child(3)",
        ":nth-child(-n+2)", ":nth-child(2n + 1)", ":nth-child(n)", ":nth-child(-2n-1)", ":nth-child(+3n - 2)", ":nth-child( 2n )", ":nth-child(0)",
        ":not(.a)", ":not(div)", ":not( [data-k] )", ":not(:first-child)", ":not(:last-child)", ":not(:nth-child(2n))",
    ];

    private static readonly Gen<string> Compounds =
        from type in Gen.Elements("", "", "div", "P", "span")
        from first in Gen.Elements(Simple)
        from more in Gen.ListOf(Gen.Elements(Simple), 1)
        from take in Gen.Choose(0, 2)
        select take switch { 0 when type != "" => type, 2 => type + first + more.First(), _ => type + first };

    private static readonly Gen<string> Selectors =
        from compounds in Compounds.ListOf(5)
        from combinators in Gen.Elements(" ", ">", " > ", "+", " + ", "~", " ~\n", ",", " , ").ListOf(5)
        from length in Gen.Choose(1, 5)
        select compounds.First() + string.Concat(compounds.Zip(combinators).Skip(1).Take(length - 1).Select(pair => pair.Second + pair.First));

    [Fact]
    public void What_is_accepted_matches_the_elements_that_AngleSharp_matches()
    {
        var matched = 0;
        Prop.ForAll(Selectors.ToArbitrary(), Documents(4).ToArbitrary(), (text, html) =>
        {
            Assert.True(Selector.TryParse(text, out var selector, out var error), error);
            var body = Inert.Parse(html);
            var elements = body.QuerySelectorAll("div, p, span").ToList();
            var expected = elements.Where(element => element.Matches(text)).ToList();
            var actual = elements.Where(element => SelectorMatcher.Matches(selector, element)).ToList();
            matched += expected.Count;
            Assert.Equal(expected.Select(Describe), actual.Select(Describe));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

        Assert.True(matched > 500, "The generated documents hold too few matches to tell anything.");
    }

    [Theory]
    [InlineData(@".md\:flex", "md:flex")]
    [InlineData(@".\31 23", "123")]
    [InlineData(@".\000031x", "1x")]
    [InlineData(@".w-1\/2", "w-1/2")]
    [InlineData(@".-a", "-a")]
    [InlineData(@".größe", "größe")]
    [InlineData(@".\1F600", "😀")]
    public void Escapes_in_a_class_are_undone(string text, string name)
    {
        Assert.True(Selector.TryParse(text, out var selector, out var error), error);
        Assert.Equal(name, Assert.IsType<ClassSelector>(selector.Alternatives[0].Steps[0].Conditions[0]).Name);
        Assert.NotNull(new CssSelectorParser().ParseSelector(text));
    }

    [Fact]
    public void The_parsed_form_tells_types_relations_and_conditions()
    {
        Assert.True(Selector.TryParse("MAIN > .card[Href^='/p/'] h2:first-child, #x", out var selector, out _));

        Assert.Equal(2, selector.Alternatives.Count);
        var steps = selector.Alternatives[0].Steps;
        Assert.Equal([Combinator.None, Combinator.Child, Combinator.Descendant], steps.Select(step => step.Combinator));
        Assert.Equal([new TypeSelector("main")], steps[0].Conditions);
        Assert.Equal([new ClassSelector("card"), new AttributeSelector("href", AttributeComparison.Prefix, "/p/")], steps[1].Conditions);
        Assert.Equal([new TypeSelector("h2"), new NthChildSelector(0, 1)], steps[2].Conditions);
        Assert.Equal("h2", selector.Alternatives[0].SubjectType);
        Assert.Null(selector.Alternatives[1].SubjectType);
    }

    [Theory]
    [InlineData("p:last-child", true)]
    [InlineData("div:not(:last-child) > p", true)]
    [InlineData("p:first-child", false)]
    public void Only_last_child_needs_the_next_sibling(string text, bool needs)
    {
        Assert.True(Selector.TryParse(text, out var selector, out _));
        Assert.Equal(needs, selector.NeedsNextSibling);
    }

    [Theory]
    [InlineData("", 1, "the end")]
    [InlineData("*", 1, "'*'")]
    [InlineData("p,", 3, "the end")]
    [InlineData(",p", 1, "','")]
    [InlineData("p >", 4, "the end")]
    [InlineData("> p", 1, "'>'")]
    [InlineData("p > > b", 5, "'>'")]
    [InlineData(".1a", 2, "'1'")]
    [InlineData(".-1", 2, "'-'")]
    [InlineData("#", 2, "the end")]
    [InlineData("svg|a", 4, "'|'")]
    [InlineData("p::before", 3, "':'")]
    [InlineData("p:hover", 3, "'h'")]
    [InlineData("p:has(b)", 3, "'h'")]
    [InlineData("p:nth-child", 3, "'n'")]
    [InlineData(":nth-child(2 n)", 14, "'n'")]
    [InlineData(":nth-child(n + )", 16, "')'")]
    [InlineData(":nth-child(+ 2)", 13, "' '")]
    [InlineData(":nth-child(2n of p)", 15, "'o'")]
    [InlineData(":nth-child(9999999)", 12, "'9'")]
    [InlineData(":not(p, b)", 7, "','")]
    [InlineData(":not(p b)", 8, "'b'")]
    [InlineData(":not(:not(p))", 6, "':'")]
    [InlineData(":not(p", 7, "the end")]
    [InlineData("[a=1]", 4, "'1'")]
    [InlineData("[a=b i]", 6, "'i'")]
    [InlineData("[a='b]", 7, "the end")]
    [InlineData("[a", 3, "the end")]
    [InlineData("[a^b]", 4, "'b'")]
    [InlineData("[*|a]", 2, "'*'")]
    [InlineData("p/**/b", 2, "'/'")]
    [InlineData("p{color:red}", 2, "'{'")]
    [InlineData("p\\", 3, "the end")]
    [InlineData(".--x", 2, "'-'")]
    [InlineData("\\0 p", 1, "'\\'")]
    [InlineData("p\0", 2, "'\0'")]
    public void What_is_refused_is_told_with_position_and_what_was_found(string text, int position, string found)
    {
        Assert.False(Selector.TryParse(text, out var selector, out var error));
        Assert.Null(selector);
        Assert.StartsWith("Not a CSS selector we accept: expected ", error, StringComparison.Ordinal);
        Assert.EndsWith($" at character {position}, found {found}.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_has_at_most_1000_characters()
    {
        Assert.True(Selector.TryParse(new string('a', 1_000), out _, out _));
        Assert.False(Selector.TryParse(new string('a', 1_001), out _, out var error));
        Assert.Contains("1000", error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_makes_the_parser_fail_otherwise_than_by_its_answer()
    {
        var pieces = Gen.Elements(Simple).Or(Gen.Elements(" ", ",", ">", "[", "]", "(", ")", "\\", "'", "-", "9", "n", ":", "\uD800", "\r\n", "*"));
        var accepted = 0;
        Prop.ForAll(pieces.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            if (Selector.TryParse(text, out var selector, out var error))
            {
                accepted++;
                Assert.Equal(text, selector.Text);
                Assert.NotNull(new CssSelectorParser().ParseSelector(text));
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

        Assert.True(accepted > 0, "No generated text was a selector.");
    }

    [Fact]
    public void Values_that_HTML_compares_without_case_are_compared_so()
    {
        Assert.True(Selector.TryParse("[type=TEXT]", out var type, out _));
        Assert.True(Selector.TryParse("[data-type=TEXT]", out var data, out _));
        var input = Inert.Parse("<input type='text' data-type='text'>").FirstElementChild!;

        Assert.True(SelectorMatcher.Matches(type, input));
        Assert.False(SelectorMatcher.Matches(data, input));
    }

    private static Gen<string> Documents(int depth) =>
        from elements in Elements(depth).ListOf(3)
        select string.Concat(elements);

    private static Gen<string> Elements(int depth) =>
        from type in Gen.Elements("div", "div", "section", "span")
        from classes in Gen.Elements("", "a", "b", "a b", "c b a")
        from id in Gen.Elements("", "", " id=x", " id=y")
        from value in Gen.Elements("", " data-k", " data-k=ab", " data-k='a b'", " data-k=a-b", " data-k=a", " data-k=AB")
        from children in depth == 0 ? Gen.Constant("") : Children(depth - 1)
        select $"<{type} class='{classes}'{id}{value}>{children}</{type}>";

    private static Gen<string> Children(int depth) =>
        from count in Gen.Choose(0, 3)
        from children in Elements(depth).ListOf(count)
        from text in Gen.Elements("", "text", "<p class=a>p</p>")
        select text + string.Concat(children);

    private static string Describe(IElement element) => $"{element.GetSelector()} {element.OuterHtml}";
}
