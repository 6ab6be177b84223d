namespace Personalization.Core.Patches;

/// <summary>One condition on one element.</summary>
public abstract record SimpleSelector
{
    private protected SimpleSelector()
    {
    }
}

/// <summary>The element's type.</summary>
/// <param name="Name">The name in lower case; HTML compares types without regard to case.</param>
public sealed record TypeSelector(string Name) : SimpleSelector;

/// <summary><c>#id</c>.</summary>
/// <param name="Id">The id, compared exactly.</param>
public sealed record IdSelector(string Id) : SimpleSelector;

/// <summary><c>.class</c>.</summary>
/// <param name="Name">One of the element's classes, compared exactly.</param>
public sealed record ClassSelector(string Name) : SimpleSelector;

/// <summary><c>:nth-child(An+B)</c>, and <c>:first-child</c> as <c>0n+1</c>.</summary>
/// <param name="A">The step.</param>
/// <param name="B">The offset.</param>
public sealed record NthChildSelector(int A, int B) : SimpleSelector
{
    /// <summary>Tells whether it holds of the element that is the <paramref name="index"/>-th child element; the first is 1.</summary>
    public bool Accepts(int index) => A == 0 ? index == B : (index - B) % A == 0 && (index - B) / A >= 0;
}

/// <summary><c>:last-child</c>.</summary>
public sealed record LastChildSelector : SimpleSelector;

/// <summary><c>:not(…)</c> around one condition.</summary>
/// <param name="Negated">What must not hold; never itself a <see cref="NotSelector"/>.</param>
public sealed record NotSelector(SimpleSelector Negated) : SimpleSelector;
