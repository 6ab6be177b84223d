namespace Personalization.Core.Patches;

/// <summary>What a tag of a template is.</summary>
internal enum TemplateTagKind
{
    /// <summary><c>{{name}}</c>.</summary>
    Field,

    /// <summary><c>{{#name}}</c>: what follows is shown when there is one.</summary>
    Section,

    /// <summary><c>{{^name}}</c>: what follows is shown when there is none.</summary>
    Inverted,

    /// <summary><c>{{/name}}</c>.</summary>
    End,
}

/// <summary>A tag of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name in it.</param>
/// <param name="At">The index of its first brace in the template.</param>
internal readonly record struct TemplateTag(TemplateTagKind Kind, string Name, int At);
