using System.Text;

namespace Personalization.Core.Patches;

/// <summary>Makes nodes of a template that has passed every check. Built to be used once.</summary>
internal sealed class TemplateBuilder<TItem>
{
    private readonly string _markup;
    private readonly IReadOnlyList<TemplateTag> _tags;
    private readonly IReadOnlyList<ValueSpan> _values;
    private readonly IReadOnlyDictionary<string, Func<TItem, string?>> _fields;
    private readonly StringBuilder _whenEmpty = new();
    private readonly StringBuilder _head = new();
    private readonly StringBuilder _tail = new();
    private List<TemplateNode<TItem>>? _loop;
    private bool _showsWhenEmpty;
    private int _at;
    private int _tag;
    private int _value;
    private int _valueEnd;

    private TemplateBuilder(
        string markup,
        IReadOnlyList<TemplateTag> tags,
        IReadOnlyList<ValueSpan> values,
        IReadOnlyDictionary<string, Func<TItem, string?>> fields) =>
        (_markup, _tags, _values, _fields) = (markup, tags, values, fields);

    public static HtmlTemplate<TItem> Build(
        TemplateScanner template, IReadOnlyList<ValueSpan> values, IReadOnlyDictionary<string, Func<TItem, string?>> fields)
    {
        var builder = new TemplateBuilder<TItem>(template.Markup, template.Tags, values, fields);
        builder.BuildOutside();
        return new HtmlTemplate<TItem>(
            builder._head.ToString(), builder._loop!, builder._tail.ToString(), builder._whenEmpty.ToString(), builder._showsWhenEmpty);
    }

    // Outside of the loop only {{#items}} and {{^items}} stand, between elements, and neither holds the other.
    private void BuildOutside()
    {
        while (_at < _markup.Length)
        {
            var text = TakeLiteral(_markup.Length);
            (_loop is null ? _head : _tail).Append(text);
            _whenEmpty.Append(text);
            if (_at == _markup.Length)
            {
                return;
            }

            _at++;
            if (_tags[_tag++].Kind == TemplateTagKind.Inverted)
            {
                _showsWhenEmpty = true;
                _whenEmpty.Append(TakeLiteral(_markup.Length));
                _at++;
                _tag++;
            }
            else
            {
                _loop = BuildNodes(isUrl: false, _markup.Length);
            }
        }
    }

    /// <summary>Builds up to <paramref name="end"/>, or up to the end of the section it is in.</summary>
    private List<TemplateNode<TItem>> BuildNodes(bool isUrl, int end)
    {
        var nodes = new List<TemplateNode<TItem>>();
        while (_at < end)
        {
            if (_at == NextValue)
            {
                var value = _values[_value++];
                _valueEnd = value.End;
                if (value.Use is { } use)
                {
                    nodes.Add(BuildUrl(value, use));
                    continue;
                }
            }

            if (!MarkupMarkers.IsMarker(_markup[_at]))
            {
                var text = TakeLiteral(end);
                nodes.Add(new LiteralNode<TItem>(isUrl ? CharacterReferences.Decode(text, out _, namesToo: true) : text));
                continue;
            }

            var inAttribute = _at++ < _valueEnd;
            var tag = _tags[_tag++];
            switch (tag.Kind)
            {
                case TemplateTagKind.End:
                    return nodes;
                case TemplateTagKind.Field:
                    nodes.Add(new FieldNode<TItem>(_fields[tag.Name], isUrl ? Copy : inAttribute ? HtmlEscape.Attribute : HtmlEscape.Text));
                    break;
                default:
                    nodes.Add(new SectionNode<TItem>(_fields[tag.Name], tag.Kind == TemplateTagKind.Inverted, BuildNodes(isUrl, end)));
                    break;
            }
        }

        return nodes;
    }

    private UrlNode<TItem> BuildUrl(ValueSpan value, UrlUse use)
    {
        var source = _markup[value.Start..value.End];
        var fixedStart = CharacterReferences.Decode(source[..MarkupMarkers.FirstIn(source)], out _, namesToo: true).Trim();
        return new UrlNode<TItem>(BuildNodes(isUrl: true, value.End), fixedStart, use);
    }

    private int NextValue => _value < _values.Count ? _values[_value].Start : _markup.Length;

    /// <summary>Takes what comes before the next marker, the next value with markers and <paramref name="end"/>.</summary>
    private string TakeLiteral(int end)
    {
        var start = _at;
        var stop = Math.Min(end, NextValue);
        while (_at < stop && !MarkupMarkers.IsMarker(_markup[_at]))
        {
            _at++;
        }

        return _markup[start.._at];
    }

    private static void Copy(string value, StringBuilder output) => output.Append(value);
}
