namespace Personalization.Core.Patches;

/// <summary>Walks through a fragment once and judges every tag, attribute and text of it.</summary>
internal sealed partial class MarkupWalk
{
    // No element has such a name. Stands in the list of open elements where a section of a template began.
    private const string Section = "{{#";

    private readonly string _html;
    private readonly bool _isTemplate;
    private readonly List<MarkupFault> _faults = [];
    private readonly List<ValueSpan> _values = [];
    private readonly List<string> _open = [];

    private MarkupWalk(string html, bool isTemplate) => (_html, _isTemplate) = (html, isTemplate);

    /// <summary>Gets what is wrong, in the order of the source.</summary>
    public IReadOnlyList<MarkupFault> Faults => _faults;

    /// <summary>Gets the values that hold placeholders, in the order of the source.</summary>
    public IReadOnlyList<ValueSpan> Values => _values;

    /// <summary>Walks through a fragment.</summary>
    /// <param name="html">The fragment; in a template, <see cref="MarkupMarkers"/> stand for the tags.</param>
    /// <param name="isTemplate">Whether the markers are allowed.</param>
    public static MarkupWalk Through(string html, bool isTemplate)
    {
        var walk = new MarkupWalk(html, isTemplate);
        walk.JudgeCharacters();
        walk.JudgeTokens();
        walk._faults.Sort((left, right) => left.At.CompareTo(right.At));
        return walk;
    }

    private void JudgeCharacters()
    {
        for (var at = 0; at < _html.Length; at++)
        {
            var character = _html[at];
            var isStrange = char.IsControl(character) ? character is not ('\t' or '\n' or '\r' or '\f')
                : char.IsSurrogate(character) ? !char.IsSurrogatePair(_html, at)
                : character is >= '\uFDD0' and <= '\uFDEF' or >= '\uFFFE' && !(_isTemplate && MarkupMarkers.IsMarker(character));
            if (isStrange)
            {
                Fault(at, $"the character U+{(int)character:X4} is refused");
            }

            at += char.IsHighSurrogate(character) && !isStrange ? 1 : 0;
        }
    }

    private void JudgeTokens()
    {
        var scanner = new MarkupScanner(_html, _faults);
        while (scanner.Next() is { } token)
        {
            switch (token.Kind)
            {
                case MarkupTokenKind.Text:
                    JudgeText(token);
                    break;
                case MarkupTokenKind.StartTag:
                    JudgeStartTag(token);
                    break;
                default:
                    JudgeEndTag(token);
                    break;
            }

            if (MarkupVocabulary.IsRawText(token.Name))
            {
                scanner.Stop();
                return;
            }
        }

        if (_open.Count > 0 && !scanner.IsStopped)
        {
            Fault(_html.Length, $"<{_open[^1]}> is not closed");
        }
    }

    private void JudgeText(MarkupToken token)
    {
        var parent = _open.FindLast(name => name != Section);
        var holdsText = parent is null || MarkupNesting.HoldsText(parent);
        for (var at = token.Start; at < token.End; at++)
        {
            var character = _html[at];
            if (character is MarkupMarkers.SectionStart or MarkupMarkers.ListStart)
            {
                _open.Add(Section);
            }
            else if (character == MarkupMarkers.SectionEnd)
            {
                CloseSection(at);
            }
            else if (!holdsText && !char.IsWhiteSpace(character))
            {
                Fault(at, $"text may not stand directly inside <{parent}>");
                break;
            }
        }

        CharacterReferences.Decode(_html[token.Start..token.End], out var strange, namesToo: false);
        if (strange >= 0)
        {
            Fault(token.Start + strange, "a character reference is not understood; write '&' as &amp;");
        }
    }

    private void CloseSection(int at)
    {
        var opened = _open.LastIndexOf(Section);
        if (opened != _open.Count - 1 || opened < 0)
        {
            Fault(at, "a section must close every element that it opens, and no other");
        }

        if (opened >= 0)
        {
            _open.RemoveRange(opened, _open.Count - opened);
        }
    }

    private List<string> Elements() => _open.FindAll(name => name != Section);

    private void Fault(int at, string detail) => _faults.Add(new("malformed_html", at, detail));
}
