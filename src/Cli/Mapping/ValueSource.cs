using System.Globalization;
using Personalization.Cli.Events;

namespace Personalization.Cli.Mapping;

/// <summary>What a value is read as.</summary>
internal enum ValueType
{
    Text,
    Number,
    Boolean,
}

/// <summary>Makes one value of a row: a template, perhaps looked up in a table, read as a type.</summary>
/// <param name="Template">What to read.</param>
/// <param name="Map">What each text stands for; null where the text stands for itself.</param>
/// <param name="Otherwise">What a text that <paramref name="Map"/> lacks stands for; null makes that an error.</param>
/// <param name="Type">What the result is.</param>
internal sealed record ValueSource(Template Template, IReadOnlyDictionary<string, string>? Map, string? Otherwise, ValueType Type)
{
    /// <summary>Gets the text for a row; null where it is empty, which means that the row has no such value.</summary>
    public string? Text(IReadOnlyList<string> row)
    {
        var text = Template.Fill(row);
        if (Map is not null && text.Length > 0)
        {
            text = Map.TryGetValue(text, out var mapped) ? mapped
                : Otherwise ?? throw new RowError($"the map has no \"{text}\", and there is no 'otherwise'");
        }

        return text.Length == 0 ? null : text;
    }

    /// <summary>Gets the typed value for a row; null where it is empty.</summary>
    public Scalar? Value(string name, IReadOnlyList<string> row) => Text(row) is not { } text ? null : Type switch
    {
        ValueType.Number => Number(name, text),
        ValueType.Boolean => text switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new RowError($"{name} is true, false, 1 or 0, not \"{text}\""),
        },
        _ => text,
    };

    /// <summary>Gets the value for a row as a number, whatever its type says.</summary>
    public double? Number(string name, IReadOnlyList<string> row) => Text(row) is { } text ? Number(name, text) : null;

    private static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new RowError($"{name} is a number, not \"{text}\"");
}
