using System.Globalization;
using System.Text;

namespace Personalization.Core.Patches;

/// <summary>Reads the words of a selector: identifiers, strings, numbers, blanks. Escapes as in CSS Syntax 3, section 4.3.7.</summary>
internal sealed class SelectorScanner(string text)
{
    private const int MaxNumber = 1_000_000;

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

        // Only now may a name not begin with a digit: "-1" is a number, "--1" is not.
        var mayHoldDigit = name.Length == 1 && Current == '-';
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

    /// <summary>Reads <c>odd</c>, <c>even</c>, <c>b</c> or <c>an+b</c> (CSS Syntax 3, section 6).</summary>
    public NthChildSelector? NthFormula()
    {
        SkipBlanks();
        if (TakeWord("odd"))
        {
            return new NthChildSelector(2, 1);
        }

        if (TakeWord("even"))
        {
            return new NthChildSelector(2, 0);
        }

        var sign = TakeSign();
        var number = TakeNumber();
        if (number is null && Error is not null)
        {
            return null;
        }

        if (!Take('n') && !Take('N'))
        {
            return number is { } only ? new NthChildSelector(0, (sign ?? 1) * only)
                : Expected<NthChildSelector>("odd, even, a number or an+b");
        }

        var step = (sign ?? 1) * (number ?? 1);
        SkipBlanks();
        if (TakeSign() is not { } offsetSign)
        {
            return new NthChildSelector(step, 0);
        }

        SkipBlanks();
        return TakeNumber() is { } offset ? new NthChildSelector(step, offsetSign * offset) : Expected<NthChildSelector>("a number");
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

    private bool TakeWord(string word)
    {
        var taken = string.Compare(text, Position, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;
        Position += taken ? word.Length : 0;
        return taken;
    }

    private int? TakeSign() => Take('+') ? 1 : Take('-') ? -1 : null;

    private int? TakeNumber()
    {
        var start = Position;
        var number = 0;
        while (char.IsAsciiDigit(Current))
        {
            number = (number * 10) + (text[Position++] - '0');
            if (number > MaxNumber)
            {
                Expected<string>($"a number up to {MaxNumber}", start);
                return null;
            }
        }

        return Position > start ? number : null;
    }
}
