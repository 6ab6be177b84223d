namespace Personalization.Core.Patches;

/// <summary>Where markup or a moved element goes, seen from an anchor element.</summary>
public enum InsertPosition
{
    /// <summary>Directly before the anchor, as its sibling.</summary>
    Before,

    /// <summary>Into the anchor, before its first child.</summary>
    Prepend,

    /// <summary>Into the anchor, after its last child.</summary>
    Append,

    /// <summary>Directly after the anchor, as its sibling.</summary>
    After,
}
