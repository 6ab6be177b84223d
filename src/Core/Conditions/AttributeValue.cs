using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>One value that a condition looks at: a JSON value, unpacked so that looking at it allocates nothing.</summary>
/// <remarks>
/// Immutable and thread-safe as far as the lists and dictionaries it was made from are left alone. The default value is
/// <see cref="Missing"/>. Equality is that of JSON documents: kinds are never converted, the order of an array counts, the order
/// of an object's members does not.
/// </remarks>
public readonly struct AttributeValue : IEquatable<AttributeValue>
{
    private readonly object? _reference;
    private readonly double _number;

    private AttributeValue(AttributeKind kind, double number, object? reference)
    {
        Kind = kind;
        _number = number;
        _reference = reference;
    }

    /// <summary>Gets the value of an attribute that the source does not have.</summary>
    public static AttributeValue Missing => default;

    /// <summary>Gets the value of an attribute that is null.</summary>
    public static AttributeValue Null => new(AttributeKind.Null, 0, null);

    /// <summary>Gets what this value holds.</summary>
    public AttributeKind Kind { get; }

    /// <summary>Gets a value indicating whether there is nothing: the attribute is missing or null.</summary>
    public bool IsNothing => Kind <= AttributeKind.Null;

    /// <summary>Gets the boolean.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public bool Boolean => Kind == AttributeKind.Boolean ? _number != 0 : throw IsNot(AttributeKind.Boolean);

    /// <summary>Gets the number.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public double Number => Kind == AttributeKind.Number ? _number : throw IsNot(AttributeKind.Number);

    /// <summary>Gets the string.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public string Text => Kind == AttributeKind.Text ? (string)_reference! : throw IsNot(AttributeKind.Text);

    /// <summary>Gets how many elements the array has.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public int Count => Kind == AttributeKind.Array ? Elements.Count : throw IsNot(AttributeKind.Array);

    private IReadOnlyList<AttributeValue> Elements => (IReadOnlyList<AttributeValue>)_reference!;

    private IReadOnlyDictionary<string, AttributeValue> Members => (IReadOnlyDictionary<string, AttributeValue>)_reference!;

    /// <summary>Gets an element of the array.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="IndexOutOfRangeException">There is no such element of an array that code made.</exception>
    public AttributeValue this[int index] =>
        Kind != AttributeKind.Array ? throw IsNot(AttributeKind.Array)
        : _reference is AttributeValue[] array ? array[index]
        : Elements[index];

    /// <summary>Makes a boolean.</summary>
    public static AttributeValue From(bool value) => new(AttributeKind.Boolean, value ? 1 : 0, null);

    /// <summary>Makes a number; any double, NaN and infinities included.</summary>
    public static AttributeValue From(double value) => new(AttributeKind.Number, value, null);

    /// <summary>Makes a string, or <see cref="Null"/> of a null reference.</summary>
    public static AttributeValue From(string? value) => value is null ? Null : new(AttributeKind.Text, 0, value);

    /// <summary>Makes an array that shares the list, without a copy: it must not change while a condition looks at it.</summary>
    public static AttributeValue FromArray(IReadOnlyList<AttributeValue> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return new(AttributeKind.Array, 0, elements);
    }

    /// <summary>Makes an object that shares the dictionary, without a copy: it must not change while a condition looks at it.</summary>
    public static AttributeValue FromObject(IReadOnlyDictionary<string, AttributeValue> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return new(AttributeKind.Object, 0, members);
    }

    /// <summary>Unpacks a JSON value with all that it holds; the document may be disposed of afterwards.</summary>
    /// <remarks>
    /// This allocates, so do it once where a value is stored, not where it is looked at. Of members with one name the last counts.
    /// An undefined element becomes <see cref="Missing"/>; a number beyond a double becomes an infinity; a string that is not
    /// well-formed Unicode becomes <see cref="Null"/>, and a member with such a name is left out.
    /// </remarks>
    public static AttributeValue FromJson(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Undefined:
                return Missing;
            case JsonValueKind.True:
            case JsonValueKind.False:
                return From(json.ValueKind == JsonValueKind.True);
            case JsonValueKind.Number:
                return From(json.GetDouble());
            case JsonValueKind.String:
                return From(JsonText.Of(json));
            case JsonValueKind.Array:
                var elements = new AttributeValue[json.GetArrayLength()];
                var at = 0;
                foreach (var element in json.EnumerateArray())
                {
                    elements[at++] = FromJson(element);
                }

                return FromArray(elements);
            case JsonValueKind.Object:
                var members = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
                foreach (var member in json.EnumerateObject())
                {
                    if (JsonText.NameOf(member) is { } name)
                    {
                        members[name] = FromJson(member.Value);
                    }
                }

                return FromObject(members);
            default:
                return Null;
        }
    }

    /// <summary>Gets a member of the object, or <see cref="Missing"/> where there is none or this is no object.</summary>
    public AttributeValue Member(string name) =>
        Kind == AttributeKind.Object && Members.TryGetValue(name, out var member) ? member : Missing;

    /// <inheritdoc/>
    public bool Equals(AttributeValue other)
    {
        if (Kind != other.Kind)
        {
            return false;
        }

        switch (Kind)
        {
            case AttributeKind.Text:
                return string.Equals(Text, other.Text, StringComparison.Ordinal);
            case AttributeKind.Array:
                for (var i = 0; i < Count; i++)
                {
                    if (i == other.Count || !this[i].Equals(other[i]))
                    {
                        return false;
                    }
                }

                return Count == other.Count;
            case AttributeKind.Object:
                if (Members.Count != other.Members.Count)
                {
                    return false;
                }

                foreach (var (name, member) in Members)
                {
                    if (!other.Members.TryGetValue(name, out var counterpart) || !member.Equals(counterpart))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return _number.Equals(other._number);
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AttributeValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        AttributeKind.Text => HashCode.Combine(Kind, Text),
        AttributeKind.Array => HashCode.Combine(Kind, Count),
        AttributeKind.Object => HashCode.Combine(Kind, Members.Count),
        _ => HashCode.Combine(Kind, _number),
    };

    /// <summary>Tells whether two values are the same JSON.</summary>
    public static bool operator ==(AttributeValue left, AttributeValue right) => left.Equals(right);

    /// <summary>Tells whether two values are different JSON.</summary>
    public static bool operator !=(AttributeValue left, AttributeValue right) => !left.Equals(right);

    /// <summary>Gives the value as text: a string as it is, an array's elements joined by commas, nothing as <c>null</c>.</summary>
    public override string ToString() => IsNothing ? "null" : Coercion.ToText(this);

    private InvalidOperationException IsNot(AttributeKind wanted) => new($"The value is {Kind}, not {wanted}.");
}
