namespace Personalization.Core.Patches;

/// <summary>A patch whose markup is rendered from a list of items.</summary>
/// <remarks>
/// Its JSON is <see cref="JsonPrefix"/>, then of its <see cref="Template"/> either head, every item and tail, or empty, then
/// <see cref="JsonSuffix"/>: a response copies bytes. Immutable; made by <see cref="TemplatePatchReader"/> only.
/// </remarks>
/// <typeparam name="TItem">What is rendered.</typeparam>
public sealed class TemplatePatch<TItem>
{
    internal TemplatePatch(PatchOp op, Selector selector, InsertPosition? position, HtmlTemplate<TItem> template)
    {
        (Op, Selector, Position, Template) = (op, selector, position, template);
        JsonPrefix = PatchJson.WriteUpToHtml(op, selector, position);
        JsonSuffix = "\"}"u8.ToArray();
    }

    /// <summary>Gets <see cref="PatchOp.SetHtml"/>, <see cref="PatchOp.Insert"/> or <see cref="PatchOp.Replace"/>.</summary>
    public PatchOp Op { get; }

    /// <summary>Gets which elements it is done to.</summary>
    public Selector Selector { get; }

    /// <summary>Gets the place of an insert; null for the other ops.</summary>
    public InsertPosition? Position { get; }

    /// <summary>Gets what renders the markup.</summary>
    public HtmlTemplate<TItem> Template { get; }

    /// <summary>Gets the JSON of the patch up to the content of <c>html</c>: <c>{"op":"setHtml","selector":"#recs","html":"</c>.</summary>
    public ReadOnlyMemory<byte> JsonPrefix { get; }

    /// <summary>Gets the JSON of the patch after the content of <c>html</c>, which is the last member: <c>"}</c>.</summary>
    public ReadOnlyMemory<byte> JsonSuffix { get; }
}
