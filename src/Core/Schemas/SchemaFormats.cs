using System.Buffers;
using System.Globalization;

namespace Personalization.Core.Schemas;

/// <summary>The formats that are judged; a schema that names another one is refused.</summary>
internal static class SchemaFormats
{
    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Known = ["date-time", "date", "email", "uri", "uuid"];

    private static readonly SearchValues<char> NotInUris = SearchValues.Create(" <>\"{}|\\^`");

    /// <summary>Says whether a text is of a format.</summary>
    public static bool IsMatch(string format, string text) => format switch
    {
        "date-time" => IsDateTime(text),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "email" => IsEmail(text),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) && text.All(char.IsAscii) && !text.AsSpan().ContainsAny(NotInUris)
            && text.Contains(':', StringComparison.Ordinal) && char.IsAsciiLetter(text[0]) && HasWholeEscapes(text),
        "uuid" => text.Length == 36 && Guid.TryParseExact(text, "D", out _),
        _ => false,
    };

    private static bool HasWholeEscapes(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>RFC 3339, 5.6: a date, a time with or without a fraction, and an offset.</summary>
    private static bool IsDateTime(string text)
    {
        if (text.Length < 20 || text[10] is not ('T' or 't') || !IsOffset(text))
        {
            return false;
        }

        // A leap second is a time, and .NET knows none: it is looked at as the second before, which only the last minute of a UTC day has.
        var isLeap = text.AsSpan(17).StartsWith("60");
        var normal = isLeap ? $"{text.AsSpan(0, 17)}59{text.AsSpan(19)}" : text;
        return DateTimeOffset.TryParse(normal.ToUpperInvariant(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            && IsShape(normal)
            && (!isLeap || time is { Hour: 23, Minute: 59 });
    }

    private static bool IsShape(string text)
    {
        const string Shape = "0000-00-00T00:00:00";
        for (var i = 0; i < Shape.Length; i++)
        {
            if (Shape[i] == '0' ? !char.IsAsciiDigit(text[i]) : i != 10 && text[i] != Shape[i])
            {
                return false;
            }
        }

        var rest = text.AsSpan(Shape.Length).TrimEnd("Zz");
        var end = rest.LastIndexOfAny('+', '-');
        var fraction = end >= 0 ? rest[..end] : rest;
        return fraction.IsEmpty || (fraction[0] == '.' && fraction.Length > 1 && fraction[1..].IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private static bool IsOffset(string text) => text[^1] is 'Z' or 'z'
        || (text[^6] is '+' or '-' && text[^3] == ':' && char.IsAsciiDigit(text[^5]) && char.IsAsciiDigit(text[^4])
            && char.IsAsciiDigit(text[^2]) && char.IsAsciiDigit(text[^1])
            && int.Parse(text.AsSpan(text.Length - 5, 2), CultureInfo.InvariantCulture) < 24
            && int.Parse(text.AsSpan(text.Length - 2, 2), CultureInfo.InvariantCulture) < 60);

    /// <summary>The addresses people have: RFC 5321's without quoted names and address literals.</summary>
    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        var (name, host) = at < 0 ? ("", "") : (text[..at], text[(at + 1)..]);
        return name.Length is > 0 and <= 64 && host.Length is > 0 and <= 255
            && name[0] != '.' && name[^1] != '.' && !name.Contains("..", StringComparison.Ordinal)
            && name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-/=?^_`{|}~.".Contains(character, StringComparison.Ordinal))
            && host.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
                && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'));
    }
}
