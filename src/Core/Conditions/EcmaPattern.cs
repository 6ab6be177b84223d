using System.Text;
using System.Text.RegularExpressions;

namespace Personalization.Core.Conditions;

/// <summary>A pattern in JavaScript's dialect that always ends, whatever the text.</summary>
/// <remarks>
/// Patterns run on the linear-time engine. Those that need backtracking (look-around, back references) get 10 ms for one text
/// and count as no match after that, since a decision never fails. The dialect is ECMA-262 without flags, or with <c>i</c>; the
/// differences that remain are that <c>\b</c>, <c>[\S]</c> and the case of letters follow Unicode as .NET sees it, and that .NET's
/// own groups such as <c>(?i)</c> are understood.
/// </remarks>
internal sealed class EcmaPattern
{
    /// <summary>The most characters that a pattern may have.</summary>
    public const int MaxLength = 1_000;

    private const string EscapesOfDotNetOnly = "aeAZzG";

    // ECMA-262, sections 12.2 and 12.3: white space and line terminators.
    private const string WhiteSpace = @"\t-\r\p{Zs}\u2028\u2029\uFEFF";

    private static readonly TimeSpan BacktrackingTimeout = TimeSpan.FromMilliseconds(10);

    // The linear engine cannot explode in the text, only in counted repetitions; this only has to bound those.
    private static readonly TimeSpan LinearTimeout = TimeSpan.FromMilliseconds(100);

    private readonly Regex _regex;

    private EcmaPattern(Regex regex)
    {
        _regex = regex;

        // The first match builds tables; it should not do so on a decision's time.
        IsMatch(string.Empty);
    }

    /// <summary>Prepares a pattern, or gives null and one sentence that says what is wrong with it.</summary>
    public static EcmaPattern? TryCreate(string pattern, bool ignoreCase, out string fault)
    {
        fault = string.Empty;
        if (pattern.Length > MaxLength)
        {
            fault = $"A pattern has at most {MaxLength} characters.";
            return null;
        }

        if (Translate(pattern, out fault) is not { } translated)
        {
            return null;
        }

        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new(new Regex(translated, options | RegexOptions.NonBacktracking, LinearTimeout));
        }
        catch (NotSupportedException)
        {
            return new(new Regex(translated, options, BacktrackingTimeout));
        }
        catch (RegexParseException malformed)
        {
            fault = $"The pattern is malformed: {malformed.Error}.";
            return null;
        }
    }

    /// <summary>Gets a value indicating whether the pattern runs on the linear-time engine.</summary>
    public bool IsLinear => _regex.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <summary>Tells whether the pattern occurs anywhere in the text.</summary>
    public bool IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Spells out for .NET what JavaScript means where the two read the same characters differently.</summary>
    private static string? Translate(string pattern, out string fault)
    {
        fault = string.Empty;
        var output = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var character = pattern[i];
            if (character == '\\')
            {
                var escaped = ++i < pattern.Length ? pattern[i] : '\0';
                if (EscapesOfDotNetOnly.Contains(escaped, StringComparison.Ordinal))
                {
                    fault = $@"'\{escaped}' is no escape of JavaScript's patterns.";
                    return null;
                }

                output.Append(Escape(escaped, inClass));
            }
            else if (inClass)
            {
                inClass = character != ']';

                // An inner bracket is a literal in JavaScript, and may be a subtraction in .NET.
                output.Append(character == '[' ? @"\[" : character);
            }
            else if (character == '[')
            {
                var rest = pattern.AsSpan(i + 1);
                if (rest.StartsWith("]") || rest.StartsWith("^]"))
                {
                    output.Append(rest[0] == ']' ? @"[^\s\S]" : @"[\s\S]");
                    i += rest[0] == ']' ? 1 : 2;
                }
                else
                {
                    inClass = true;
                    output.Append(character);
                }
            }
            else
            {
                output.Append(character switch
                {
                    '.' => @"[^\n\r\u2028\u2029]",
                    '$' => @"\z",
                    _ => character.ToString(),
                });
            }
        }

        return output.ToString();
    }

    private static string Escape(char escaped, bool inClass) => (escaped, inClass) switch
    {
        ('\0', _) => @"\",
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('W', false) => "[^0-9A-Za-z_]",
        ('s', false) => $"[{WhiteSpace}]",
        ('S', false) => $"[^{WhiteSpace}]",
        ('s', true) => WhiteSpace,
        ('d', true) => "0-9",
        ('D', true) => @"\0-/:-\uFFFF",
        ('w', true) => "0-9A-Za-z_",
        ('W', true) => @"\0-/:-@\[-\^`{-\uFFFF",
        _ => $@"\{escaped}",
    };
}
