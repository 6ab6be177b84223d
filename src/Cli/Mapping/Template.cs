using System.Globalization;
using System.Text;

namespace Personalization.Cli.Mapping;

/// <summary>A text with columns in braces: <c>{year}-{month:00}</c>. A format after a colon pads a number; <c>{{</c> is a brace.</summary>
internal sealed class Template
{
    private readonly IReadOnlyList<Part> _parts;

    private Template(IReadOnlyList<Part> parts) => _parts = parts;

    /// <summary>Parses a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="indexOf">Gives a column's place in the row, or -1 where there is none.</param>
    /// <exception cref="FormatException">A brace isn't closed, or a column doesn't exist.</exception>
    public static Template Parse(string text, Func<string, int> indexOf)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                literal.Append(text[i++]);
            }
            else if (text[i] == '{')
            {
                var close = text.IndexOf('}', i);
                if (close < 0)
                {
                    throw new FormatException($"The brace in \"{text}\" is never closed.");
                }

                parts.Add(new Part(literal.ToString(), -1, null));
                parts.Add(Column(text[(i + 1)..close], indexOf));
                literal.Clear();
                i = close;
            }
            else
            {
                literal.Append(text[i]);
            }
        }

        parts.Add(new Part(literal.ToString(), -1, null));
        parts.RemoveAll(part => part is { Column: < 0, Text: "" });
        return new Template(parts);
    }

    /// <summary>Fills in a row's columns.</summary>
    /// <exception cref="RowError">A column with a number format holds no number.</exception>
    public string Fill(IReadOnlyList<string> row) => _parts switch
    {
        [] => "",
        [var only] => only.Fill(row),
        _ => string.Concat(_parts.Select(part => part.Fill(row))),
    };

    private static Part Column(string inside, Func<string, int> indexOf)
    {
        // The whole may be a name with a colon in it; only otherwise is what follows the last colon a format.
        var index = indexOf(inside);
        var colon = inside.LastIndexOf(':');
        var format = default(string);
        if (index < 0 && colon >= 0)
        {
            index = indexOf(inside[..colon]);
            format = inside[(colon + 1)..];
        }

        if (index < 0)
        {
            throw new FormatException($"There is no column '{inside}'.");
        }

        // Found out here, a format that means nothing is one mistake; in every row it would be many.
        _ = format is null ? "" : 0m.ToString(format, CultureInfo.InvariantCulture);
        return new Part(inside, index, format);
    }

    private readonly record struct Part(string Text, int Column, string? Format)
    {
        public string Fill(IReadOnlyList<string> row)
        {
            if (Column < 0)
            {
                return Text;
            }

            if (Format is null)
            {
                return row[Column];
            }

            return decimal.TryParse(row[Column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number.ToString(Format, CultureInfo.InvariantCulture)
                : throw new RowError($"{{{Text}}} needs a number, not \"{row[Column]}\"");
        }
    }
}
