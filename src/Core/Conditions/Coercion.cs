using System.Buffers;
using System.Globalization;
using System.Text;

namespace Personalization.Core.Conditions;

/// <summary>The conversions between kinds that JavaScript makes when it compares, since GrowthBook's reference is JavaScript.</summary>
/// <remarks>Source: ECMA-262, section 7.1 (type conversion) and 6.1.6.1.20 (Number::toString).</remarks>
internal static class Coercion
{
    private static readonly SearchValues<char> DecimalCharacters = SearchValues.Create("0123456789.+-eE");

    /// <summary>ToBoolean: nothing, false, 0, NaN and the empty string are false.</summary>
    public static bool ToBoolean(in AttributeValue value) => value.Kind switch
    {
        AttributeKind.Missing or AttributeKind.Null => false,
        AttributeKind.Boolean => value.Boolean,
        AttributeKind.Number => value.Number != 0 && !double.IsNaN(value.Number),
        AttributeKind.Text => value.Text.Length > 0,
        _ => true,
    };

    /// <summary>ToNumber: nothing is 0, and what reads as no number is NaN.</summary>
    public static double ToNumber(in AttributeValue value) => value.Kind switch
    {
        AttributeKind.Missing or AttributeKind.Null => 0,
        AttributeKind.Boolean => value.Boolean ? 1 : 0,
        AttributeKind.Number => value.Number,
        AttributeKind.Text => ToNumber(value.Text),
        AttributeKind.Array => ToNumber(ToText(value)),
        _ => double.NaN,
    };

    /// <summary>StringToNumber: surrounding white space is ignored, the empty string is 0.</summary>
    public static double ToNumber(ReadOnlySpan<char> text)
    {
        text = text.Trim().Trim('\uFEFF');
        if (text.IsEmpty)
        {
            return 0;
        }

        if (text.Length > 2 && text[0] == '0' && Radix(text[1]) is var radix and > 0)
        {
            return WholeNumber(text[2..], radix);
        }

        if (text is "Infinity" or "+Infinity" or "-Infinity")
        {
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        // .NET reads more than JavaScript does: "nan", "infinity", a trailing NUL.
        return !text.ContainsAnyExcept(DecimalCharacters)
            && double.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var number)
                ? number
                : double.NaN;
    }

    /// <summary>ToString. Only elements of an array may be nothing: they have an empty text.</summary>
    public static string ToText(in AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Missing:
            case AttributeKind.Null:
                return string.Empty;
            case AttributeKind.Boolean:
                return value.Boolean ? "true" : "false";
            case AttributeKind.Number:
                return ToText(value.Number);
            case AttributeKind.Text:
                return value.Text;
            case AttributeKind.Array:
                var joined = new StringBuilder();
                for (var i = 0; i < value.Count; i++)
                {
                    joined.Append(i == 0 ? string.Empty : ",").Append(ToText(value[i]));
                }

                return joined.ToString();
            default:
                return "[object Object]";
        }
    }

    /// <summary>Number::toString: the shortest digits that read back, with an exponent from 1e21 up and below 1e-6.</summary>
    public static string ToText(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }

        if (number == 0)
        {
            return "0";
        }

        // The specification's symbols: the value is s × 10^(n-k), and s has k digits.
        var parts = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = parts[0].Replace(".", string.Empty, StringComparison.Ordinal);
        var s = digits.Trim('0');
        var k = s.Length;
        var n = (point < 0 ? digits.Length : point)
            - (digits.Length - digits.TrimStart('0').Length)
            + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var sign = number < 0 ? "-" : string.Empty;

        if (k <= n && n <= 21)
        {
            return sign + s + new string('0', n - k);
        }

        if (n is > 0 and <= 21)
        {
            return $"{sign}{s[..n]}.{s[n..]}";
        }

        if (n is > -6 and <= 0)
        {
            return $"{sign}0.{new string('0', -n)}{s}";
        }

        var exponent = string.Create(CultureInfo.InvariantCulture, $"e{(n > 0 ? "+" : "-")}{Math.Abs(n - 1)}");
        return k == 1 ? sign + s + exponent : $"{sign}{s[0]}.{s[1..]}{exponent}";
    }

    /// <summary>IsLessThan: strings by code units, everything else as numbers; null where either is not a number.</summary>
    public static int? Compare(in AttributeValue left, in AttributeValue right)
    {
        if (IsTextual(left) && IsTextual(right))
        {
            return string.CompareOrdinal(ToText(left), ToText(right));
        }

        var (x, y) = (ToNumber(left), ToNumber(right));
        return x < y ? -1 : x > y ? 1 : x == y ? 0 : null;
    }

    private static bool IsTextual(in AttributeValue value) => value.Kind >= AttributeKind.Text;

    private static int Radix(char letter) => letter switch
    {
        'x' or 'X' => 16,
        'o' or 'O' => 8,
        'b' or 'B' => 2,
        _ => 0,
    };

    private static double WholeNumber(ReadOnlySpan<char> digits, int radix)
    {
        var number = 0.0;
        foreach (var digit in digits)
        {
            var value = "0123456789abcdef".IndexOf(char.ToLowerInvariant(digit), StringComparison.Ordinal);
            if (value < 0 || value >= radix)
            {
                return double.NaN;
            }

            number = (number * radix) + value;
        }

        return number;
    }
}
