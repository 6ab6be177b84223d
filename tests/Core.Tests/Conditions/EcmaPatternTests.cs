using Personalization.Core.Conditions;

namespace Personalization.Core.Tests.Conditions;

public sealed class EcmaPatternTests
{
    // Expected by ECMA-262, section 22.2 (RegExp without flags).
    [Theory]
    [InlineData(@"^\d+$", "123", true)]
    [InlineData(@"^\d+$", "١٢٣", false)]
    [InlineData(@"^\w+$", "naïve", false)]
    [InlineData(@"^[\w-]+$", "a-b", true)]
    [InlineData(@"^[^\W_]+$", "ab9", true)]
    [InlineData(@"^[^\W_]+$", "a_b", false)]
    [InlineData(@"^[\D]+$", "a:/b", true)]
    [InlineData(@"^[\D]+$", "a1", false)]
    [InlineData(@"^\s[\s]$", "\uFEFF\u3000", true)]
    [InlineData(@"^\s$", "\u0085", false)]
    [InlineData(@"^\S$", "\u0085", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData("^.$", "\r", false)]
    [InlineData("^.$", "x", true)]
    [InlineData("^[.$]+$", ".$", true)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("[]", "x", false)]
    [InlineData("^[a-z-[aeiou]]$", "b]", true)]
    [InlineData(@"^https:\/\/x\.y/", "https://x.y/z", true)]
    [InlineData(@"(?<year>\d{4})-(?=12)", "2024-12", true)]
    [InlineData(@"(a)\1", "aa", true)]
    [InlineData(@"(?<!\.)png$", "a.png", false)]
    public void A_pattern_means_what_it_means_in_javascript(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Pattern(pattern).IsMatch(text));

    [Theory]
    [InlineData("(")]
    [InlineData("/???***[)")]
    [InlineData(@"\z")]
    [InlineData(@"a\")]
    [InlineData("[b-a]")]
    public void A_malformed_pattern_is_refused_with_a_reason(string pattern)
    {
        Assert.Null(EcmaPattern.TryCreate(pattern, ignoreCase: false, out var fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void A_pattern_beyond_the_limit_is_refused()
    {
        Assert.NotNull(EcmaPattern.TryCreate(new string('a', EcmaPattern.MaxLength), ignoreCase: false, out _));
        Assert.Null(EcmaPattern.TryCreate(new string('a', EcmaPattern.MaxLength + 1), ignoreCase: false, out _));
    }

    [Fact]
    public void A_pattern_that_explodes_elsewhere_runs_in_linear_time_and_finds_its_match()
    {
        var pattern = Pattern("^(a+)+b?$");

        Assert.True(pattern.IsLinear);
        Assert.True(pattern.IsMatch(new string('a', 5_000)));
        Assert.False(pattern.IsMatch(new string('a', 5_000) + "c"));
    }

    // Without the time limit this would not end within a lifetime; the guard only keeps a fault from hanging the run.
    [Fact(Timeout = 120_000)]
    public async Task A_pattern_that_explodes_and_needs_backtracking_is_given_up_as_no_match()
    {
        var pattern = Pattern("^(?=a)(a+)+b$");
        Assert.False(pattern.IsLinear);

        Assert.False(await Task.Run(() => pattern.IsMatch(new string('a', 200))));
        Assert.False(await Task.Run(() => Ask.Matches("""{"a":{"$regex":"^(a+)+\\1b$"}}""", $$"""{"a":"{{new string('a', 200)}}"}""")));
    }

    private static EcmaPattern Pattern(string pattern)
    {
        var compiled = EcmaPattern.TryCreate(pattern, ignoreCase: false, out var fault);
        Assert.True(compiled is not null, fault);
        return compiled!;
    }
}
