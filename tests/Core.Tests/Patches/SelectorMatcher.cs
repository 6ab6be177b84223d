using AngleSharp.Dom;
using Personalization.Core.Patches;

namespace Personalization.Core.Tests.Patches;

/// <summary>Matches a parsed selector against AngleSharp's elements, by the parsed form alone.</summary>
internal static class SelectorMatcher
{
    public static bool Matches(Selector selector, IElement element) =>
        selector.Alternatives.Any(complex => Matches(complex.Steps, complex.Steps.Count - 1, element));

    private static bool Matches(IReadOnlyList<SelectorStep> steps, int at, IElement element) =>
        steps[at].Conditions.All(condition => Holds(condition, element))
        && (at == 0 || Related(steps[at].Combinator, element).Any(other => Matches(steps, at - 1, other)));

    private static IEnumerable<IElement> Related(Combinator combinator, IElement element) => combinator switch
    {
        Combinator.Child => Chain(element, e => e.ParentElement).Take(1),
        Combinator.NextSibling => Chain(element, e => e.PreviousElementSibling).Take(1),
        Combinator.LaterSibling => Chain(element, e => e.PreviousElementSibling),
        Combinator.Descendant => Chain(element, e => e.ParentElement),
        _ => throw new InvalidOperationException($"{combinator} is no relation."),
    };

    private static IEnumerable<IElement> Chain(IElement start, Func<IElement, IElement?> next)
    {
        for (var element = next(start); element is not null; element = next(element))
        {
            yield return element;
        }
    }

    private static bool Holds(SimpleSelector condition, IElement element) => condition switch
    {
        TypeSelector type => element.LocalName == type.Name,
        IdSelector id => element.Id == id.Id,
        ClassSelector name => element.ClassList.Contains(name.Name),
        AttributeSelector attribute => attribute.Accepts(element.GetAttribute(attribute.Name)),
        // AngleSharp follows Selectors 3, where the root is nobody's child; browsers follow Selectors 4, where it is the first and the last.
        NthChildSelector or LastChildSelector when element.ParentElement is null => false,
        NthChildSelector nth => nth.Accepts(Chain(element, e => e.PreviousElementSibling).Count() + 1),
        LastChildSelector => element.NextElementSibling is null,
        NotSelector not => !Holds(not.Negated, element),
        _ => throw new InvalidOperationException($"{condition} is not known."),
    };
}
