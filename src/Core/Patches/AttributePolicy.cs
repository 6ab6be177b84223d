using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Personalization.Core.Patches;

/// <summary>Says which attributes a patch may carry in its markup or set on an element of the page.</summary>
internal static partial class AttributePolicy
{
    // They run code, load code, send forms elsewhere or loosen a protection of the page, on one element or another.
    private static readonly FrozenSet<string> NeverSet =
        ("style srcdoc action formaction formmethod formtarget formenctype form ping nonce integrity crossorigin referrerpolicy sandbox " +
        "allow allowfullscreen csp credentialless http-equiv is data codebase classid archive code manifest profile attributename " +
        "attributetype from to by values xml:base").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> NeverRemoved =
        "nonce integrity sandbox csp http-equiv referrerpolicy".Split(' ').ToFrozenSet();

    // Read by people, never by the browser: they may speak of "javascript: the good parts".
    private static readonly FrozenSet<string> Prose = "title alt placeholder label summary abbr".Split(' ').ToFrozenSet();

    public static bool IsHandler(string name) => name.StartsWith("on", StringComparison.Ordinal);

    /// <summary>Gives what is wrong with an attribute of markup, or null. Placeholders are judged as far as they are known.</summary>
    public static MarkupFault? JudgeMarkup(string element, MarkupAttribute attribute)
    {
        var (name, at) = (attribute.Name, attribute.At);
        if (IsHandler(name))
        {
            return new("event_handler_refused", at, $"the event handler '{name}' is refused");
        }

        if (!MarkupVocabulary.IsAllowed(element, name) && MarkupVocabulary.IsAllowed(element))
        {
            var instead = name == "style" ? "; use a class, or the op setStyle or css" : "";
            return new("attribute_refused", at, $"the attribute '{name}' is refused on <{element}>{instead}");
        }

        var use = UrlPolicy.UseOf(name);
        var value = CharacterReferences.Decode(attribute.RawValue, out var strange, namesToo: use is not null);
        if (use is { } kind && ExplainKnown(value, kind) is { } reason)
        {
            return new("unsafe_url", attribute.ValueStart, $"the address of '{name}' is refused: {reason}");
        }

        return strange < 0 ? null
            : new("malformed_html", attribute.ValueStart + strange, "a character reference is not understood; write '&' as &amp;");
    }

    /// <summary>Adds what is wrong with setting an attribute to a value on an element that is not known.</summary>
    public static void JudgeSet(string name, string value, string namePath, string valuePath, ICollection<Problem> problems)
    {
        var lower = name.ToLowerInvariant();
        if (!IsWellNamed(name, namePath, problems))
        {
            return;
        }

        if (IsHandler(lower))
        {
            problems.Add(new(namePath, "event_handler_refused", $"The event handler '{name}' is refused."));
            return;
        }

        if (NeverSet.Contains(lower) || lower.StartsWith("xmlns", StringComparison.Ordinal))
        {
            var instead = lower == "style" ? " Use setStyle: a content security policy may block the attribute." : "";
            problems.Add(new(namePath, "attribute_refused", $"The attribute '{name}' is refused.{instead}"));
            return;
        }

        // The value is no HTML here, but one that would be unsafe as HTML is nobody's honest address either.
        var decoded = CharacterReferences.Decode(value, out _, namesToo: false);
        var reason = UrlPolicy.UseOf(lower) is { } use
            ? UrlPolicy.Explain(value, use) ?? UrlPolicy.Explain(decoded, use)
            : !IsProse(lower) && (UrlPolicy.NamesScript(value) || UrlPolicy.NamesScript(decoded)) ? "it names a script" : null;
        if (reason is not null)
        {
            problems.Add(new(valuePath, "unsafe_url", $"The value of '{name}' is refused: {reason}."));
        }
    }

    /// <summary>Adds what is wrong with removing an attribute.</summary>
    public static void JudgeRemove(string name, string path, ICollection<Problem> problems)
    {
        if (IsWellNamed(name, path, problems) && NeverRemoved.Contains(name.ToLowerInvariant()))
        {
            problems.Add(new(path, "attribute_refused", $"The attribute '{name}' protects the page and is not removed."));
        }
    }

    private static bool IsWellNamed(string name, string path, ICollection<Problem> problems)
    {
        var isName = name.Length <= 100 && Name().IsMatch(name);
        if (!isName)
        {
            problems.Add(new(
                path,
                "attribute_refused",
                "An attribute's name is a letter, ':' or '_' and then letters, digits, '_', ':', '.' or '-', at most 100."));
        }

        return isName;
    }

    // Sections and fields may turn out empty: what is known for sure is the beginning, and what stays when all of them do.
    private static string? ExplainKnown(string value, UrlUse use)
    {
        var marker = MarkupMarkers.FirstIn(value);
        return marker < 0
            ? UrlPolicy.Explain(value, use)
            : ExplainIncomplete(value[..marker], use)
                ?? ExplainIncomplete(string.Concat(value.Where(character => !MarkupMarkers.IsMarker(character))), use);
    }

    // "data:image/{{type}}" may become a picture; the whole is judged again when it is rendered.
    private static string? ExplainIncomplete(string value, UrlUse use) =>
        use == UrlUse.Media && value.StartsWith("data:image/", StringComparison.Ordinal) ? null : UrlPolicy.Explain(value, use);

    private static bool IsProse(string name) => Prose.Contains(name) || name.StartsWith("aria-", StringComparison.Ordinal);

    [GeneratedRegex("^[a-zA-Z:_][a-zA-Z0-9:_.-]*\\z")]
    private static partial Regex Name();
}
