using System.CommandLine.Parsing;
using System.Globalization;

namespace Personalization.Cli.Audit;

/// <summary>The end of a chain as an earlier run told it, kept where nobody who can write to the server can reach it.</summary>
internal sealed record NotedHead(int Chain, long Sequence, string Hash)
{
    /// <summary>Reads <c>CHAIN:SEQUENCE:HASH</c>.</summary>
    public static NotedHead? Parse(ArgumentResult result)
    {
        if (result.Tokens is [var token]
            && token.Value.Split(':') is [var chain, var sequence, { Length: 64 } hash]
            && int.TryParse(chain, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && hash.All(char.IsAsciiHexDigit))
        {
            return new NotedHead(number, last, hash.ToLowerInvariant());
        }

        result.AddError("--head is CHAIN:SEQUENCE:HASH, as an earlier run told it.");
        return null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chain}:{Sequence}:{Hash}");
}
