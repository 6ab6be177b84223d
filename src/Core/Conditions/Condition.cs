namespace Personalization.Core.Conditions;

/// <summary>A compiled condition: a question with a yes or no about one source.</summary>
/// <typeparam name="TSource">What it is asked of: a profile, an item, a JSON document.</typeparam>
/// <remarks>Immutable and thread-safe. <see cref="ConditionCompiler"/> makes it.</remarks>
public sealed class Condition<TSource>
{
    private readonly Predicate<TSource> _test;

    internal Condition(Predicate<TSource> test, IReadOnlyList<string> paths)
    {
        _test = test;
        Paths = paths;
    }

    /// <summary>Gets the attributes that the condition reads, each once, in the order of their first mention.</summary>
    /// <remarks>What <c>$elemMatch</c> reads inside the elements of an array is not among them: the array is.</remarks>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Tells whether the source meets the condition.</summary>
    /// <remarks>
    /// Never throws as long as the binder's readers do not, and allocates nothing for scalars and arrays of scalars that are
    /// asked for by value; turning an array or a number into text, as a pattern on it does, allocates.
    /// </remarks>
    public bool Matches(TSource source) => _test(source);
}
