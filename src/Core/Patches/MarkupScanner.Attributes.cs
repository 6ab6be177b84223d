namespace Personalization.Core.Patches;

internal sealed partial class MarkupScanner
{
    private bool ReadAttribute(List<MarkupAttribute> attributes)
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) is '-' or '_' or ':' or '.' or '@')
        {
            _at++;
        }

        if (_at == start)
        {
            var reason = _at < html.Length ? "an attribute's name or '>' is expected" : "the tag is not closed";
            _ = IsMarker(0) ? StopAtMarker() : Stop(start, reason);
            return false;
        }

        var name = html[start.._at].ToLowerInvariant();
        var afterName = _at;
        SkipBlanks();
        if (Peek(0) != '=')
        {
            _at = afterName;
            Add(attributes, new MarkupAttribute(name, start, "", afterName));
            return true;
        }

        _at++;
        SkipBlanks();
        var quote = Peek(0);
        var quoted = quote is '"' or '\'';
        var valueStart = quoted ? _at + 1 : _at;
        var end = valueStart;
        while (end < html.Length && (quoted ? html[end] != quote : !IsBlank(html[end]) && html[end] != '>'))
        {
            end++;
        }

        var attribute = new MarkupAttribute(name, start, html[valueStart..end], valueStart);
        Add(attributes, attribute);
        if (quoted && end == html.Length)
        {
            Stop(_at, "the quote is not closed");
            return false;
        }

        JudgeValue(attribute, quoted);
        _at = quoted ? end + 1 : end;
        return true;
    }

    private void JudgeValue(MarkupAttribute attribute, bool quoted)
    {
        var less = attribute.RawValue.IndexOf('<', StringComparison.Ordinal);
        if (less >= 0)
        {
            Fault(attribute.ValueStart + less, "a '<' in an attribute must be written &lt;");
        }

        if (!quoted)
        {
            var marker = MarkupMarkers.FirstIn(attribute.RawValue);
            faults.Add(marker >= 0
                ? new MarkupFault("placeholder_refused", attribute.ValueStart + marker, "a placeholder may only stand in a quoted value")
                : new MarkupFault("malformed_html", attribute.ValueStart, $"the value of '{attribute.Name}' must be quoted"));
        }
    }

    private void Add(List<MarkupAttribute> attributes, MarkupAttribute attribute)
    {
        if (attributes.Exists(other => other.Name == attribute.Name))
        {
            Fault(attribute.At, $"the attribute '{attribute.Name}' appears twice");
        }

        attributes.Add(attribute);
    }
}
