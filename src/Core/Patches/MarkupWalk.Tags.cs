namespace Personalization.Core.Patches;

internal sealed partial class MarkupWalk
{
    private const int MaxDepth = 100;

    private void JudgeStartTag(MarkupToken token)
    {
        var name = token.Name;
        if (!MarkupVocabulary.IsAllowed(name))
        {
            _faults.Add(new(name == "script" ? "script_refused" : "element_refused", token.Start, $"the element <{name}> is refused"));
        }
        else if (MarkupNesting.Explain(name, Elements()) is { } reason)
        {
            Fault(token.Start, reason);
        }

        foreach (var attribute in token.Attributes)
        {
            if (AttributePolicy.JudgeMarkup(name, attribute) is { } fault)
            {
                _faults.Add(fault);
            }

            JudgePlaceholders(attribute);
        }

        if (token.SelfClosing && !MarkupVocabulary.IsVoid(name))
        {
            Fault(token.End - 2, $"<{name}/> does not close itself in HTML; write <{name}></{name}>");
        }
        else if (!MarkupVocabulary.IsVoid(name))
        {
            _open.Add(name);
            if (_open.Count == MaxDepth + 1)
            {
                Fault(token.Start, "elements nest too deep");
            }
        }
    }

    private void JudgePlaceholders(MarkupAttribute attribute)
    {
        if (MarkupMarkers.FirstIn(attribute.RawValue) < 0)
        {
            return;
        }

        if (attribute.RawValue.IndexOf(MarkupMarkers.ListStart, StringComparison.Ordinal) is >= 0 and var list)
        {
            const string Reason = "{{#items}} and {{^items}} enclose elements, not a part of a value";
            _faults.Add(new("placeholder_refused", attribute.ValueStart + list, Reason));
        }

        var depth = 0;
        foreach (var character in attribute.RawValue)
        {
            depth += character switch
            {
                MarkupMarkers.SectionStart or MarkupMarkers.ListStart => 1,
                MarkupMarkers.SectionEnd => -1,
                _ => 0,
            };
            if (depth < 0)
            {
                break;
            }
        }

        if (depth != 0)
        {
            Fault(attribute.ValueStart, "a section that begins in an attribute's value must end in it");
        }

        _values.Add(new ValueSpan(attribute.ValueStart, attribute.ValueEnd, UrlPolicy.UseOf(attribute.Name)));
    }

    private void JudgeEndTag(MarkupToken token)
    {
        if (token.Attributes.Count > 0 || token.SelfClosing)
        {
            Fault(token.Start, "an end tag has no attributes");
        }

        if (_open.Count > 0 && _open[^1] == token.Name)
        {
            _open.RemoveAt(_open.Count - 1);
            return;
        }

        Fault(token.Start, $"</{token.Name}> does not close what was opened last" + (_open.Count == 0 ? "" : $", <{_open[^1]}>"));
        if (_open.LastIndexOf(token.Name) is >= 0 and var opened && opened > _open.LastIndexOf(Section))
        {
            _open.RemoveRange(opened, _open.Count - opened);
        }
    }
}
