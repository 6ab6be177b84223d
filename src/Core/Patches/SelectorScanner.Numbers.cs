namespace Personalization.Core.Patches;

internal sealed partial class SelectorScanner
{
    private const int MaxNumber = 1_000_000;

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
