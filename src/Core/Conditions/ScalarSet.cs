using System.Collections.Frozen;

namespace Personalization.Core.Conditions;

/// <summary>The scalars that <c>$in</c> and its relatives look for, as a look-up that costs the same however many there are.</summary>
/// <remarks>Source: <c>isIn</c> of the GrowthBook SDK specification. Kinds are not converted: 3 is not <c>"3"</c>.</remarks>
internal sealed class ScalarSet
{
    /// <summary>A set that holds nothing.</summary>
    public static readonly ScalarSet Empty = new([], ignoreCase: false);

    private readonly FrozenSet<string> _texts;
    private readonly FrozenSet<double> _numbers;
    private readonly bool _true;
    private readonly bool _false;
    private readonly bool _nothing;

    /// <summary>Makes a set. Arrays and objects among the values are never found, as in JavaScript, so they are left out.</summary>
    public ScalarSet(IReadOnlyList<AttributeValue> values, bool ignoreCase)
    {
        _texts = values.Where(value => value.Kind == AttributeKind.Text).Select(value => value.Text)
            .ToFrozenSet(ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        _numbers = values.Where(value => value.Kind == AttributeKind.Number).Select(value => value.Number).ToFrozenSet();
        _true = values.Contains(AttributeValue.From(true));
        _false = values.Contains(AttributeValue.From(false));
        _nothing = values.Any(value => value.IsNothing);
    }

    /// <summary>Tells whether the value, or any element if it is an array, is in the set.</summary>
    public bool ContainsAny(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.Array)
        {
            return Contains(value);
        }

        for (var i = 0; i < value.Count; i++)
        {
            if (Contains(value[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool Contains(in AttributeValue value) => value.Kind switch
    {
        AttributeKind.Missing or AttributeKind.Null => _nothing,
        AttributeKind.Boolean => value.Boolean ? _true : _false,
        AttributeKind.Number => _numbers.Contains(value.Number),
        AttributeKind.Text => _texts.Contains(value.Text),
        _ => false,
    };
}
