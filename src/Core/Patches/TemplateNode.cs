using System.Text;

namespace Personalization.Core.Patches;

/// <summary>A part of a compiled template that renders something of an item.</summary>
internal abstract class TemplateNode<TItem>
{
    public abstract void Render(TItem item, StringBuilder output);

    public static string RenderAll(IReadOnlyList<TemplateNode<TItem>> nodes, TItem item)
    {
        var output = new StringBuilder();
        RenderAll(nodes, item, output);
        return output.ToString();
    }

    public static void RenderAll(IReadOnlyList<TemplateNode<TItem>> nodes, TItem item, StringBuilder output)
    {
        foreach (var node in nodes)
        {
            node.Render(item, output);
        }
    }
}

/// <summary>Markup that is always the same.</summary>
internal sealed class LiteralNode<TItem>(string text) : TemplateNode<TItem>
{
    public override void Render(TItem item, StringBuilder output) => output.Append(text);
}

/// <summary>A field of the item, written by <paramref name="write"/> for the place where it stands.</summary>
internal sealed class FieldNode<TItem>(Func<TItem, string?> field, Action<string, StringBuilder> write) : TemplateNode<TItem>
{
    public override void Render(TItem item, StringBuilder output) => write(field(item) ?? "", output);
}

/// <summary>What is shown when a field has a value, or (<paramref name="isInverted"/>) when it is null or empty.</summary>
internal sealed class SectionNode<TItem>(Func<TItem, string?> field, bool isInverted, IReadOnlyList<TemplateNode<TItem>> body)
    : TemplateNode<TItem>
{
    public override void Render(TItem item, StringBuilder output)
    {
        if (string.IsNullOrEmpty(field(item)) == isInverted)
        {
            RenderAll(body, item, output);
        }
    }
}

/// <summary>An address, judged as a whole: no part of it tells whether it is safe.</summary>
/// <param name="parts">The parts, which render without escapes.</param>
/// <param name="fixedStart">What the address always begins with.</param>
/// <param name="use">What it is used for.</param>
internal sealed class UrlNode<TItem>(IReadOnlyList<TemplateNode<TItem>> parts, string fixedStart, UrlUse use) : TemplateNode<TItem>
{
    public override void Render(TItem item, StringBuilder output)
    {
        var url = RenderAll(parts, item);
        var isSafe = UrlPolicy.Explain(url, use) is null && !LeavesSite(url);
        HtmlEscape.Attribute(isSafe ? url : UrlPolicy.Invalid, output);
    }

    // Who writes "/{{path}}" means this site; a path that begins with another slash would mean another.
    private bool LeavesSite(string url) => fixedStart == "/" && url.AsSpan().Trim()[1..].TrimStart(" \t\r\n") is ['/' or '\\', ..];
}
