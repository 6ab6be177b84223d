using System.Text;
using System.Text.RegularExpressions;

namespace Personalization.Core.Patches;

/// <summary>
/// Cuts a template into markup and tags: in <see cref="Markup"/> one marker character stands for each of <see cref="Tags"/>, and
/// comments are gone. Checks what can be told without reading the markup: that sections close, and where fields may stand.
/// </summary>
internal sealed partial class TemplateScanner
{
    /// <summary>The name of the list that a template renders.</summary>
    public const string Items = "items";

    private const int MaxDepth = 20;

    private readonly string _template;
    private readonly StringBuilder _markup = new();
    private readonly List<int> _origins = [];
    private readonly List<TemplateTag> _tags = [];
    private readonly List<MarkupFault> _faults = [];
    private readonly Stack<TemplateTag> _open = new();
    private int _loops;

    private TemplateScanner(string template) => _template = template;

    public string Markup => _markup.ToString();

    public IReadOnlyList<TemplateTag> Tags => _tags;

    public IReadOnlyList<MarkupFault> Faults => _faults;

    public static TemplateScanner Through(string template)
    {
        var scanner = new TemplateScanner(template);
        scanner.Scan();
        return scanner;
    }

    /// <summary>Gives the index in the template of what is at an index of the markup.</summary>
    public int ToSource(int at) => at < _origins.Count ? _origins[at] : _template.Length;

    private void Scan()
    {
        var at = 0;
        while (at < _template.Length)
        {
            var start = _template.IndexOf("{{", at, StringComparison.Ordinal);
            CopyMarkup(at, start < 0 ? _template.Length : start);
            if (start < 0)
            {
                break;
            }

            var end = _template.IndexOf("}}", start + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                Fault("malformed_template", start, "the tag is not closed by }}");
                break;
            }

            Judge(_template[(start + 2)..end], start);
            at = end + 2;
        }

        foreach (var section in _open)
        {
            Fault("malformed_template", section.At, $"the section '{section.Name}' is not closed by {{{{/{section.Name}}}}}");
        }

        if (_loops == 0 && _faults.Count == 0)
        {
            Fault("missing_items", 0, "the template has no {{#items}}…{{/items}}");
        }
    }

    private void CopyMarkup(int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            // A marker in the template itself must not pass for a tag.
            var isForged = MarkupMarkers.IsMarker(_template[at]);
            _markup.Append(isForged ? MarkupMarkers.Forged : _template[at]);
            _origins.Add(at);
        }
    }

    private void Judge(string content, int at)
    {
        var match = Tag().Match(content);
        if (content.StartsWith('!'))
        {
            return;
        }

        if (!match.Success)
        {
            Fault("template_tag_refused", at, content.Length > 0 && "{&>=<$".Contains(content[0], StringComparison.Ordinal)
                ? "unescaped output, partials, parents and other delimiters are refused"
                : "expected {{name}}, {{#name}}, {{^name}}, {{/name}} or {{! comment}}");
            return;
        }

        var kind = match.Groups[1].Value switch
        {
            "#" => TemplateTagKind.Section,
            "^" => TemplateTagKind.Inverted,
            "/" => TemplateTagKind.End,
            _ => TemplateTagKind.Field,
        };
        Place(new TemplateTag(kind, match.Groups[2].Value, at));
    }

    private void Place(TemplateTag tag)
    {
        if (tag.Kind == TemplateTagKind.End)
        {
            if (_open.Count == 0 || _open.Peek().Name != tag.Name)
            {
                var innermost = _open.Count == 0 ? "none is open" : $"'{_open.Peek().Name}' is open";
                Fault("malformed_template", tag.At, $"{{{{/{tag.Name}}}}} closes no section: {innermost}");
                return;
            }

            _open.Pop();
        }
        else if (tag.Name == Items)
        {
            JudgeItems(tag);
        }
        else if (!_open.Any(section => section is { Kind: TemplateTagKind.Section, Name: Items }))
        {
            Fault("field_outside_items", tag.At, $"'{tag.Name}' is a field of an item and belongs inside {{{{#items}}}}…{{{{/items}}}}");
        }

        if (tag.Kind is TemplateTagKind.Section or TemplateTagKind.Inverted)
        {
            _open.Push(tag);
            if (_open.Count == MaxDepth + 1)
            {
                Fault("malformed_template", tag.At, "sections nest too deep");
            }
        }

        _tags.Add(tag);
        _origins.Add(tag.At);
        _markup.Append(tag.Kind switch
        {
            TemplateTagKind.Field => MarkupMarkers.Field,
            TemplateTagKind.End => MarkupMarkers.SectionEnd,
            _ => tag.Name == Items ? MarkupMarkers.ListStart : MarkupMarkers.SectionStart,
        });
    }

    private void JudgeItems(TemplateTag tag)
    {
        if (tag.Kind == TemplateTagKind.Field || _open.Count > 0)
        {
            Fault("malformed_template", tag.At, "'items' is the list itself: {{#items}} and {{^items}} stand in no other section");
        }
        else if (tag.Kind == TemplateTagKind.Section && ++_loops > 1)
        {
            Fault("several_loops", tag.At, "a template has one {{#items}}…{{/items}}");
        }
    }

    private void Fault(string code, int at, string detail) => _faults.Add(new(code, at, detail));

    [GeneratedRegex(@"^([#^/]?)\s*([A-Za-z_][A-Za-z0-9_.-]{0,99})\s*\z")]
    private static partial Regex Tag();
}
