namespace Personalization.Core.Patches;

/// <summary>How an element must lie to the element of the step before.</summary>
public enum Combinator
{
    /// <summary>The first step: nothing comes before it.</summary>
    None,

    /// <summary>A blank: somewhere inside.</summary>
    Descendant,

    /// <summary><c>&gt;</c>: directly inside.</summary>
    Child,

    /// <summary><c>+</c>: the next element with the same parent.</summary>
    NextSibling,

    /// <summary><c>~</c>: any later element with the same parent.</summary>
    LaterSibling,
}

/// <summary>Conditions on one element, and how it lies to the element of the step before.</summary>
/// <param name="Combinator">The relation to the step before; <see cref="Combinator.None"/> for the first.</param>
/// <param name="Conditions">What must hold of the element, at least one; a <see cref="TypeSelector"/> can only be the first.</param>
public sealed record SelectorStep(Combinator Combinator, IReadOnlyList<SimpleSelector> Conditions);

/// <summary>One member of a selector list: <c>main &gt; .card h2</c>.</summary>
/// <param name="Steps">The steps from the outermost to the element that is matched, at least one.</param>
public sealed record ComplexSelector(IReadOnlyList<SelectorStep> Steps)
{
    /// <summary>Gets the type that a matched element must have, or null when any will do.</summary>
    public string? SubjectType => Steps[^1].Conditions.OfType<TypeSelector>().FirstOrDefault()?.Name;
}
