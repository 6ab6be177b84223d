using System.Text;

namespace Personalization.Core.Patches;

/// <summary>A compiled template. For what a template is, see <see cref="HtmlTemplate.Compile"/>.</summary>
/// <remarks>
/// <para>Immutable, and safe to share between threads as far as the fields' readers are.</para>
/// <para><see cref="Head"/>, <see cref="RenderItem"/>, <see cref="Tail"/> and <see cref="Empty"/> are the content of a JSON string in
/// UTF-8, escaped, without the quotes. They can be cached and joined: head, items, tail, or empty alone, make one string.</para>
/// </remarks>
/// <typeparam name="TItem">What is rendered.</typeparam>
public sealed class HtmlTemplate<TItem>
{
    private readonly string _head;
    private readonly IReadOnlyList<TemplateNode<TItem>> _item;
    private readonly string _tail;
    private readonly string _empty;

    internal HtmlTemplate(string head, IReadOnlyList<TemplateNode<TItem>> item, string tail, string empty, bool showsWhenEmpty)
    {
        (_head, _item, _tail, _empty) = (head, item, tail, empty);
        Head = JsonText.Escape(head);
        Tail = JsonText.Escape(tail);
        Empty = JsonText.Escape(empty);
        ShowsWhenEmpty = showsWhenEmpty;
    }

    /// <summary>Gets what comes before the first item, as JSON string content.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>Gets what comes after the last item, as JSON string content.</summary>
    public ReadOnlyMemory<byte> Tail { get; }

    /// <summary>Gets the whole output when there are no items, as JSON string content.</summary>
    public ReadOnlyMemory<byte> Empty { get; }

    /// <summary>Gets whether it says something of its own when there are no items: a <c>{{^items}}</c> section.</summary>
    public bool ShowsWhenEmpty { get; }

    /// <summary>Renders one item, as JSON string content. It depends on nothing but the item, so it can be cached with it.</summary>
    public byte[] RenderItem(TItem item) => JsonText.Escape(TemplateNode<TItem>.RenderAll(_item, item));

    /// <summary>Renders a list to HTML, for people; a response joins the parts instead.</summary>
    public string RenderHtml(IReadOnlyList<TItem> items)
    {
        if (items.Count == 0)
        {
            return _empty;
        }

        var html = new StringBuilder(_head);
        foreach (var item in items)
        {
            TemplateNode<TItem>.RenderAll(_item, item, html);
        }

        return html.Append(_tail).ToString();
    }
}
