using System.Diagnostics.CodeAnalysis;

namespace Personalization.Core.Patches;

/// <summary>Which elements a patch is meant for: a strict subset of CSS selectors, parsed.</summary>
/// <remarks>
/// <para>Accepted: a type <c>p</c>, <c>#id</c>, <c>.class</c>, <c>[attr]</c>, <c>[attr=value]</c> and with <c>^= $= *= ~= |=</c>
/// (the value an identifier or a quoted string), <c>:first-child</c>, <c>:last-child</c>, <c>:nth-child(an+b | odd | even)</c>,
/// <c>:not(…)</c> around one of these, joined by the combinators descendant (a blank), <c>&gt;</c>, <c>+</c> and <c>~</c>, in lists
/// separated by commas. Names may hold CSS escapes (<c>.md\:flex</c>).</para>
/// <para>Not accepted: <c>*</c>, namespaces, other pseudo-classes, pseudo-elements, comments, the <c>i</c> flag. What is
/// accepted means the same in every browser and can be matched while a page streams by, but see <see cref="NeedsNextSibling"/>.</para>
/// </remarks>
public sealed class Selector
{
    /// <summary>The most characters a selector may have.</summary>
    public const int MaxLength = 1_000;

    internal Selector(string text, IReadOnlyList<ComplexSelector> alternatives)
    {
        Text = text;
        Alternatives = alternatives;
        NeedsNextSibling = alternatives.Any(complex => complex.Steps.Any(step => step.Conditions.Any(IsAboutLast)));
    }

    /// <summary>Gets the selector as it was written.</summary>
    public string Text { get; }

    /// <summary>Gets the members of the comma list; an element matches when one of them does.</summary>
    public IReadOnlyList<ComplexSelector> Alternatives { get; }

    /// <summary>Gets whether it says <c>:last-child</c>, which is undecided until the next sibling or the parent's end is seen.</summary>
    public bool NeedsNextSibling { get; }

    /// <summary>Parses a selector.</summary>
    /// <param name="text">The selector, at most <see cref="MaxLength"/> characters.</param>
    /// <param name="selector">The parsed selector, when it is accepted.</param>
    /// <param name="error">Otherwise one sentence: what was expected, at which character (the first is 1), and what was there.</param>
    /// <returns>True when <paramref name="text"/> is accepted.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out Selector? selector, [NotNullWhen(false)] out string? error)
    {
        if (text.Length > MaxLength)
        {
            selector = null;
            error = $"Not a CSS selector we accept: it has {text.Length} characters, expected at most {MaxLength}.";
            return false;
        }

        var parser = new SelectorParser(text);
        var alternatives = parser.ParseList();
        selector = alternatives is null ? null : new Selector(text, alternatives);
        error = alternatives is null ? $"Not a CSS selector we accept: {parser.Error}" : null;
        return selector is not null;
    }

    /// <summary>Gives the selector as it was written.</summary>
    public override string ToString() => Text;

    private static bool IsAboutLast(SimpleSelector condition) =>
        condition is LastChildSelector or NotSelector { Negated: LastChildSelector };
}
