using System.Text.RegularExpressions;

namespace Personalization.Deploy.Tests;

/// <summary>Finds the metrics that a query reads: names that are neither functions, nor keywords, nor labels.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Keywords = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right"];

    public static IEnumerable<string> Metrics(string query)
    {
        var bare = Ranges().Replace(Selectors().Replace(query, ""), "");
        bare = Labels().Replace(bare, " ");
        return Names().Matches(bare).Select(match => match.Value).Where(name => !Keywords.Contains(name)).Distinct();
    }

    [GeneratedRegex("""\{[^}]*\}""")]
    private static partial Regex Selectors();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"(?<![\w.$])[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")]
    private static partial Regex Names();
}
