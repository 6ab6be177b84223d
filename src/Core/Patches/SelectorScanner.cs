using System.Globalization;
using System.Text;

namespace Personalization.Core.Patches;

/// <summary>Reads the words of a selector: identifiers, strings, numbers, blanks. Escapes as in CSS Syntax 3, section 4.3.7.</summary>
internal sealed partial class SelectorScanner(string text)
{
    public string? Error { get; private set; }

    public int Position { get; private set; }

    public bool AtEnd => Position == text.Length;

    /// <summary>Gets the character that comes next, or NUL at the end; a NUL in the text is no part of any word either.</summary>
    public char Current => AtEnd ? '\0' : text[Position];

    public void Skip() => Position++;

    public bool Take(char character)
    {
        var taken = !AtEnd && Current == character;
        Position += taken ? 1 : 0;
        return taken;
    }

    public bool SkipBlanks()
    {
        var start = Position;
        while (!AtEnd && IsBlank(Current))
        {
            Position++;
        }

        return Position > start;
    }

    /// <summary>Sets the error unless there is one already, and gives null.</summary>
    public T? Expected<T>(string what, int? at = null)
        where T : class
    {
        var position = at ?? Position;
        var found = position >= text.Length ? "the end" : $"'{text[position]}'";
        Error ??= string.Create(CultureInfo.InvariantCulture, $"expected {what} at character {position + 1}, found {found}.");
        return null;
    }

    public string? Identifier(string expected)
    {
        var start = Position;
        var name = new StringBuilder();
        if (Take('-'))
        {
            name.Append('-');
        }

        // A name begins with a letter or '_' after at most one hyphen; CSS allows "--x", but not every parser does.
        var mayHoldDigit = false;
        while (!AtEnd && TakeNameCharacter(mayHoldDigit) is { } character)
        {
            name.Append(character.ToString());
            mayHoldDigit = true;
        }

        if (Error is null && (name.Length == 0 || (name.Length == 1 && name[0] == '-')))
        {
            return Expected<string>(expected, start);
        }

        return Error is null ? name.ToString() : null;
    }

    public string? QuotedString()
    {
        var quote = Current;
        var value = new StringBuilder();
        Position++;
        while (!Take(quote))
        {
            if (AtEnd || Current is '\n' or '\r' or '\f' or '\0')
            {
                return Expected<string>($"the closing {quote}");
            }

            if (Current == '\\')
            {
                if (TakeEscape() is not { } escaped)
                {
                    return null;
                }

                value.Append(escaped.ToString());
            }
            else
            {
                value.Append(text[Position++]);
            }
        }

        return value.ToString();
    }

    private static bool IsBlank(char character) => character is ' ' or '\t' or '\n' or '\r' or '\f';

    private Rune? TakeNameCharacter(bool mayBeDigit)
    {
        if (Current == '\\')
        {
            return TakeEscape();
        }

        if (!Rune.TryGetRuneAt(text, Position, out var rune))
        {
            return null;
        }

        var isName = rune.IsAscii
            ? char.IsAsciiLetter(Current) || Current is '_' || (mayBeDigit && (char.IsAsciiDigit(Current) || Current is '-'))
            : Rune.IsLetterOrDigit(rune);
        Position += isName ? rune.Utf16SequenceLength : 0;
        return isName ? rune : null;
    }

    private Rune? TakeEscape()
    {
        var start = Position++;
        var digits = 0;
        while (digits < 6 && Position + digits < text.Length && char.IsAsciiHexDigit(text[Position + digits]))
        {
            digits++;
        }

        if (digits == 0)
        {
            if (AtEnd || Current is '\n' or '\r' or '\f' or '\0' || !Rune.TryGetRuneAt(text, Position, out var literal))
            {
                Expected<string>("a character after the backslash");
                return null;
            }

            Position += literal.Utf16SequenceLength;
            return literal;
        }

        var code = int.Parse(text.AsSpan(Position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Position += digits;
        Position += text.AsSpan(Position).StartsWith("\r\n") ? 2 : !AtEnd && IsBlank(Current) ? 1 : 0;
        if (code == 0 || !Rune.IsValid(code))
        {
            Expected<string>("the code of a character", start);
            return null;
        }

        return new Rune(code);
    }
}
