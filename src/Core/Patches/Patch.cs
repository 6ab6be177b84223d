namespace Personalization.Core.Patches;

/// <summary>One DOM change, checked when it was configured, that the browser SDK and the edge proxy apply alike.</summary>
/// <remarks>
/// Immutable and safe to share between threads. Made by <see cref="PatchReader"/> only, so an instance has always passed
/// every check: whoever applies it needs none of its own but <see cref="MarkupPolicy.IsProtected"/>.
/// </remarks>
public sealed class Patch
{
    internal Patch(PatchOp op, Selector? selector, PatchArguments arguments)
    {
        Op = op;
        Selector = selector;
        Arguments = arguments;
        Utf8Json = PatchJson.Write(op, selector, arguments);
    }

    /// <summary>Gets what the patch does.</summary>
    public PatchOp Op { get; }

    /// <summary>Gets which elements it is done to; null for <see cref="PatchOp.Redirect"/> and <see cref="PatchOp.Css"/>.</summary>
    public Selector? Selector { get; }

    /// <summary>Gets what the operation works with.</summary>
    public PatchArguments Arguments { get; }

    /// <summary>Gets the patch as one JSON object in UTF-8, made once, so that a response copies bytes.</summary>
    /// <remarks>
    /// The members come in a fixed order, <c>op</c> and <c>selector</c> first, whatever the order they were read in. <c>&lt;</c>
    /// is written <c>\u003C</c>, so the bytes may stand inside a script element of a page.
    /// </remarks>
    public ReadOnlyMemory<byte> Utf8Json { get; }
}
