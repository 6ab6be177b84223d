namespace Personalization.Core.Patches;

/// <summary>What a token of an HTML fragment is.</summary>
internal enum MarkupTokenKind
{
    Text,
    StartTag,
    EndTag,
}

/// <summary>One token of an HTML fragment: <c>[Start, End)</c> of the source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">The index of its first character.</param>
/// <param name="End">The index after its last character.</param>
/// <param name="Name">The element's name in lower case; empty for text.</param>
/// <param name="Attributes">The attributes of a start tag.</param>
/// <param name="SelfClosing">Whether a start tag ends in <c>/&gt;</c>.</param>
internal sealed record MarkupToken(
    MarkupTokenKind Kind, int Start, int End, string Name, IReadOnlyList<MarkupAttribute> Attributes, bool SelfClosing);

/// <summary>One attribute of a start tag.</summary>
/// <param name="Name">The name in lower case.</param>
/// <param name="At">The index of the name in the source.</param>
/// <param name="RawValue">The value as written, character references and all; empty when there is none.</param>
/// <param name="ValueStart">The index of the value in the source.</param>
internal readonly record struct MarkupAttribute(string Name, int At, string RawValue, int ValueStart)
{
    public int ValueEnd => ValueStart + RawValue.Length;
}

/// <summary>Something wrong with a fragment, at an index of its source.</summary>
internal readonly record struct MarkupFault(string Code, int At, string Detail);
