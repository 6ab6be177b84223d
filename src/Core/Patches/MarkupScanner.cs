namespace Personalization.Core.Patches;

/// <summary>
/// Cuts an HTML fragment into tags and text. It reads a regular subset of HTML and reports everything else as a fault;
/// where it goes on after a fault it does as the HTML Living Standard's tokenizer does (section 13.2.5).
/// </summary>
internal sealed class MarkupScanner(string html, ICollection<MarkupFault> faults)
{
    private static readonly MarkupAttribute[] None = [];

    private int _at;

    /// <summary>Gives the next token, or null at the end or after a fault that leaves no way to go on.</summary>
    public MarkupToken? Next()
    {
        if (_at >= html.Length)
        {
            return null;
        }

        if (html[_at] != '<')
        {
            var start = _at;
            var next = html.IndexOf('<', _at);
            _at = next < 0 ? html.Length : next;
            return new MarkupToken(MarkupTokenKind.Text, start, _at, "", None, SelfClosing: false);
        }

        return Peek(1) switch
        {
            '/' => ReadTag(MarkupTokenKind.EndTag, _at + 2),
            '!' => Stop(_at, "comments, CDATA sections and document types are refused"),
            '?' => Stop(_at, "processing instructions are refused"),
            _ => ReadTag(MarkupTokenKind.StartTag, _at + 1),
        };
    }

    /// <summary>Stops reading: the rest cannot be understood.</summary>
    public void Stop() => _at = html.Length;

    private MarkupToken? ReadTag(MarkupTokenKind kind, int nameStart)
    {
        var start = _at;
        _at = nameStart;
        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) is '-' or ':')
        {
            _at++;
        }

        if (_at == nameStart || !char.IsAsciiLetter(html[nameStart]))
        {
            return IsMarker(0) ? StopAtMarker() : Stop(start, "a '<' that begins no tag must be written &lt;");
        }

        var name = html[nameStart.._at].ToLowerInvariant();
        var attributes = new List<MarkupAttribute>();
        while (true)
        {
            var separated = SkipSeparators();
            if (Peek(0) == '>')
            {
                var selfClosing = html[_at - 1] == '/';
                _at++;
                return new MarkupToken(kind, start, _at, name, attributes, selfClosing);
            }

            if (!separated)
            {
                Fault(_at, "a blank must separate the parts of a tag");
            }

            if (!ReadAttribute(attributes))
            {
                // What was read of the tag is judged too, so that the reader of the problems learns the worst.
                return new MarkupToken(kind, start, html.Length, name, attributes, SelfClosing: false);
            }
        }
    }

    private bool ReadAttribute(List<MarkupAttribute> attributes)
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) is '-' or '_' or ':' or '.' or '@')
        {
            _at++;
        }

        if (_at == start)
        {
            _ = IsMarker(0) ? StopAtMarker() : Stop(start, _at < html.Length ? "an attribute's name or '>' is expected" : "the tag is not closed");
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
                ? new MarkupFault("placeholder_refused", attribute.ValueStart + marker, "a placeholder may only stand in a quoted attribute value")
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

    private bool SkipSeparators()
    {
        var start = _at;
        SkipBlanks();
        if (Peek(0) == '/')
        {
            if (Peek(1) != '>')
            {
                Fault(_at, "a '/' inside a tag is refused");
            }

            _at++;
            SkipBlanks();
        }

        return _at > start;
    }

    private void SkipBlanks()
    {
        while (_at < html.Length && IsBlank(html[_at]))
        {
            _at++;
        }
    }

    private char Peek(int ahead) => _at + ahead < html.Length ? html[_at + ahead] : '\0';

    private bool IsMarker(int ahead) => MarkupMarkers.IsMarker(Peek(ahead));

    private MarkupToken? StopAtMarker()
    {
        faults.Add(new MarkupFault("placeholder_refused", _at, "a placeholder may not stand in a tag outside of a quoted attribute value"));
        Stop();
        return null;
    }

    private MarkupToken? Stop(int at, string detail)
    {
        Fault(at, detail);
        Stop();
        return null;
    }

    private void Fault(int at, string detail) => faults.Add(new MarkupFault("malformed_html", at, detail));

    private static bool IsBlank(char character) => character is ' ' or '\t' or '\n' or '\r' or '\f';
}
