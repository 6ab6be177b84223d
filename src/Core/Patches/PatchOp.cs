namespace Personalization.Core.Patches;

/// <summary>What a patch does to the page. In JSON the names are written in camel case: <c>setText</c>.</summary>
public enum PatchOp
{
    /// <summary>Replaces the content of every match by text: <c>text</c>.</summary>
    SetText,

    /// <summary>Replaces the content of every match by markup: <c>html</c>.</summary>
    SetHtml,

    /// <summary>Gives every match an attribute: <c>name</c>, <c>value</c>.</summary>
    SetAttribute,

    /// <summary>Takes an attribute from every match: <c>name</c>.</summary>
    RemoveAttribute,

    /// <summary>Adds classes to every match: <c>classes</c>.</summary>
    AddClass,

    /// <summary>Takes classes from every match: <c>classes</c>.</summary>
    RemoveClass,

    /// <summary>Gives every match an inline style: <c>property</c>, <c>value</c>, optionally <c>important</c>.</summary>
    SetStyle,

    /// <summary>Puts markup next to or into every match: <c>html</c>, <c>position</c>.</summary>
    Insert,

    /// <summary>Moves the matches to another element: <c>target</c>, <c>position</c>.</summary>
    Move,

    /// <summary>Takes every match out of the page.</summary>
    Remove,

    /// <summary>Puts markup in the place of every match: <c>html</c>.</summary>
    Replace,

    /// <summary>Makes every match invisible and takes its space away.</summary>
    Hide,

    /// <summary>Makes every match that is hidden visible.</summary>
    Show,

    /// <summary>Sends the visitor to another page: <c>url</c>. Has no selector.</summary>
    Redirect,

    /// <summary>Adds a style sheet to the page: <c>css</c>. Has no selector.</summary>
    Css,
}
