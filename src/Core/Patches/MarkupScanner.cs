namespace Personalization.Core.Patches;

/// <summary>
/// Cuts an HTML fragment into tags and text. It reads a regular subset of HTML and reports everything else as a fault;
/// where it goes on after a fault it does as the HTML Living Standard's tokenizer does (section 13.2.5).
/// </summary>
internal sealed partial class MarkupScanner(string html, ICollection<MarkupFault> faults)
{
    private static readonly MarkupAttribute[] None = [];

    private int _at;

    /// <summary>Gets whether the scanner stopped before the end.</summary>
    public bool IsStopped { get; private set; }

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
    public void Stop()
    {
        _at = html.Length;
        IsStopped = true;
    }

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
