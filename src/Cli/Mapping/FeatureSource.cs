using System.Globalization;
using Personalization.Core.Conditions;

namespace Personalization.Cli.Mapping;

/// <summary>Makes the value of one feature of a row: a value like any other, or a sum of columns.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Value">What it is made of; null where it is a sum.</param>
/// <param name="Sum">What is added up.</param>
/// <param name="DivideBy">What a number is divided by.</param>
/// <param name="IsCategory">Whether each value gets a weight of its own.</param>
/// <param name="Log">Whether the logarithm is learned from.</param>
internal sealed record FeatureSource(string Feature, ValueSource? Value, IReadOnlyList<ValueSource> Sum, double DivideBy, bool IsCategory, bool Log)
{
    /// <summary>Gives the value for a row; missing where the row has none.</summary>
    public AttributeValue Read(IReadOnlyList<string> row)
    {
        if (Value is null)
        {
            return AttributeValue.From(Sum.Sum(part => part.Number(Feature, row) ?? 0) / DivideBy);
        }

        if (IsCategory || Value.Type == ValueType.Text)
        {
            return Value.Text(row) is { } text ? AttributeValue.From(text) : AttributeValue.Missing;
        }

        return Value.Type == ValueType.Boolean
            ? Value.Value(Feature, row) is { } truth ? AttributeValue.From(truth == true) : AttributeValue.Missing
            : Value.Number(Feature, row) is { } number ? AttributeValue.From(number / DivideBy) : AttributeValue.Missing;
    }

    /// <summary>Says it for a message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Feature}{(IsCategory ? " (categories)" : "")}");
}
