namespace Personalization.Core.Patches;

/// <summary>What a patch's operation works with. A member is null where <see cref="PatchOp"/> does not name it.</summary>
public sealed record PatchArguments
{
    /// <summary>Gets the text of <c>setText</c>, not yet escaped for HTML.</summary>
    public string? Text { get; init; }

    /// <summary>Gets the markup of <c>setHtml</c>, <c>insert</c> and <c>replace</c>. It has passed <see cref="MarkupPolicy"/>.</summary>
    public string? Html { get; init; }

    /// <summary>Gets the attribute's name of <c>setAttribute</c> and <c>removeAttribute</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the value of <c>setAttribute</c> and <c>setStyle</c>.</summary>
    public string? Value { get; init; }

    /// <summary>Gets the classes of <c>addClass</c> and <c>removeClass</c>.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Gets the style property of <c>setStyle</c>.</summary>
    public string? Property { get; init; }

    /// <summary>Gets whether <c>setStyle</c> outranks the page's own style sheets.</summary>
    public bool Important { get; init; }

    /// <summary>Gets the place of <c>insert</c> and <c>move</c>.</summary>
    public InsertPosition? Position { get; init; }

    /// <summary>Gets the element that <c>move</c> moves to: the first match.</summary>
    public Selector? Target { get; init; }

    /// <summary>Gets the address of <c>redirect</c>: absolute http(s), or a path on the same site.</summary>
    public string? Url { get; init; }

    /// <summary>Gets the style sheet of <c>css</c>.</summary>
    public string? Css { get; init; }
}
