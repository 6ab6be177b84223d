namespace Personalization.Core.Conditions;

/// <summary>The tests that operators come down to.</summary>
/// <remarks>Source: <c>evalConditionValue</c> and <c>evalOperatorCondition</c> of the GrowthBook SDK specification.</remarks>
internal static class ValueTests
{
    /// <summary>Equality without an operator: the value is converted to the kind that is wanted.</summary>
    public static ValueTest EqualTo(AttributeValue wanted) => wanted.Kind switch
    {
        AttributeKind.Missing or AttributeKind.Null => static (in AttributeValue value) => value.IsNothing,
        AttributeKind.Boolean => EqualsBoolean(wanted.Boolean),
        AttributeKind.Number => EqualsNumber(wanted.Number),
        AttributeKind.Text => EqualsText(wanted.Text),
        _ => (in AttributeValue value) => value.Equals(wanted),
    };

    /// <summary>Equality of an <c>$alli</c> element.</summary>
    public static ValueTest EqualsIgnoringCase(string wanted) => (in AttributeValue value) =>
        !value.IsNothing && string.Equals(Coercion.ToText(value), wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>Equality of kind and value, for scalars.</summary>
    public static ValueTest Is(AttributeValue wanted) => wanted.Kind switch
    {
        AttributeKind.Missing or AttributeKind.Null => static (in AttributeValue value) => value.IsNothing,
        AttributeKind.Number when wanted.Number is var number =>
            (in AttributeValue value) => value.Kind == AttributeKind.Number && value.Number == number,
        _ => (in AttributeValue value) => value.Equals(wanted),
    };

    /// <summary>A comparison with a number or a string.</summary>
    public static ValueTest Ordered(AttributeValue bound, Func<int, bool> holds)
    {
        if (bound.Kind == AttributeKind.Text)
        {
            var asNumber = AttributeValue.From(Coercion.ToNumber(bound.Text));
            return (in AttributeValue value) =>
                Coercion.Compare(value, value.Kind >= AttributeKind.Text ? bound : asNumber) is { } order && holds(order);
        }

        return (in AttributeValue value) => Coercion.Compare(value, bound) is { } order && holds(order);
    }

    /// <summary>A comparison of versions; what is neither a number nor a string is version 0.</summary>
    public static ValueTest Version(AttributeValue bound, Func<int, bool> holds)
    {
        var wanted = VersionText(bound);
        return (in AttributeValue value) => holds(VersionOrder.Compare(VersionText(value), wanted));
    }

    /// <summary>A pattern in the value's text; nothing has none.</summary>
    public static ValueTest Matches(EcmaPattern pattern) =>
        (in AttributeValue value) => !value.IsNothing && pattern.IsMatch(Coercion.ToText(value));

    /// <summary>At least one element of an array passes.</summary>
    public static ValueTest AnyElement(ValueTest test) => (in AttributeValue value) =>
    {
        if (value.Kind != AttributeKind.Array)
        {
            return false;
        }

        for (var i = 0; i < value.Count; i++)
        {
            if (test(value[i]))
            {
                return true;
            }
        }

        return false;
    };

    /// <summary>The value passes every test.</summary>
    public static ValueTest All(ValueTest[] tests) => (in AttributeValue value) =>
    {
        foreach (var test in tests)
        {
            if (!test(value))
            {
                return false;
            }
        }

        return true;
    };

    private static ValueTest EqualsBoolean(bool wanted) =>
        (in AttributeValue value) => !value.IsNothing && Coercion.ToBoolean(value) == wanted;

    private static ValueTest EqualsNumber(double wanted) => (in AttributeValue value) => Coercion.ToNumber(value) == wanted;

    private static ValueTest EqualsText(string wanted)
    {
        // A number equals its own spelling only, so the spelling is checked once instead of spelling out every value.
        var spelled = Coercion.ToNumber(wanted);
        var isSpelling = Coercion.ToText(spelled) == wanted;
        return (in AttributeValue value) => value.Kind switch
        {
            AttributeKind.Missing or AttributeKind.Null => false,
            AttributeKind.Text => string.Equals(value.Text, wanted, StringComparison.Ordinal),
            AttributeKind.Number => isSpelling && (value.Number == spelled || (double.IsNaN(value.Number) && double.IsNaN(spelled))),
            _ => string.Equals(Coercion.ToText(value), wanted, StringComparison.Ordinal),
        };
    }

    private static string VersionText(in AttributeValue value) =>
        value.Kind is AttributeKind.Number or AttributeKind.Text ? Coercion.ToText(value) : string.Empty;
}
