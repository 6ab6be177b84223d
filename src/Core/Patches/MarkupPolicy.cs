using System.Globalization;

namespace Personalization.Core.Patches;

/// <summary>Checks the markup of patches when they are configured. Nothing is cleaned up: it is accepted as it is, or refused.</summary>
/// <remarks>
/// <para>Accepted is an allow-list: elements for text, lists, tables, pictures, sound, film, links and buttons, and attributes that
/// describe them, <c>class</c>, <c>id</c>, <c>aria-*</c> and <c>data-*</c>. Scripts, frames, plugins, forms and their fields, style
/// sheets, <c>svg</c>, <c>math</c>, custom elements, event handlers and comments are refused. So is the <c>style</c> attribute, wholly:
/// a page with a content security policy ignores it, while the ops <c>setStyle</c> and <c>css</c> work there.</para>
/// <para>Addresses are relative or have the scheme http or https; links may also say mailto, tel or sms, and pictures may be
/// <c>data:image/</c> png, jpeg, gif or webp. Blanks, control characters and character references do not hide a scheme.</para>
/// <para>Every element is closed in order and every attribute is quoted, so that any parser, the browser's or a streaming one,
/// makes the same tree of it.</para>
/// </remarks>
public static class MarkupPolicy
{
    /// <summary>The most characters a fragment may have.</summary>
    public const int MaxLength = 65_536;

    private const int MaxProblems = 20;

    /// <summary>Checks a fragment of HTML.</summary>
    /// <param name="html">The fragment.</param>
    /// <param name="path">Where it stands in the document that was sent.</param>
    /// <param name="problems">
    /// Receives what is wrong: <c>script_refused</c>, <c>event_handler_refused</c>, <c>unsafe_url</c>, <c>element_refused</c>,
    /// <c>attribute_refused</c>, <c>malformed_html</c> or <c>too_long</c>; the detail tells the character, counted from 1.
    /// The first 20 faults are told.
    /// </param>
    /// <returns>True when the fragment is accepted.</returns>
    public static bool Check(string html, string path, ICollection<Problem> problems)
    {
        if (html.Length > MaxLength)
        {
            problems.Add(TooLong(path));
            return false;
        }

        var walk = MarkupWalk.Through(html, isTemplate: false);
        Report(walk.Faults, at => at, path, problems);
        return walk.Faults.Count == 0;
    }

    /// <summary>
    /// Tells whether an element of the page is out of reach of patches, whatever selector matches it, because what it holds is code,
    /// settings or another document: <c>script style iframe object base meta link</c> and their like.
    /// </summary>
    /// <param name="element">The element's name, in any case.</param>
    public static bool IsProtected(string element) => MarkupVocabulary.IsProtected(element.ToLowerInvariant());

    internal static Problem TooLong(string path) =>
        new(path, "too_long", string.Create(CultureInfo.InvariantCulture, $"Expected at most {MaxLength} characters."));

    internal static void Report(IEnumerable<MarkupFault> faults, Func<int, int> toSource, string path, ICollection<Problem> problems)
    {
        foreach (var fault in faults.Take(MaxProblems))
        {
            problems.Add(new(path, fault.Code, string.Create(
                CultureInfo.InvariantCulture, $"At character {toSource(fault.At) + 1}: {fault.Detail}.")));
        }
    }
}
