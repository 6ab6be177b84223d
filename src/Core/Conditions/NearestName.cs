namespace Personalization.Core.Conditions;

/// <summary>Finds the known name that a mistyped one most likely meant.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>Gives the candidate with the fewest edits, the earlier of two equals.</summary>
    public static string Of(string name, IEnumerable<string> candidates) => candidates.MinBy(candidate => Distance(name, candidate))!;

    /// <summary>
    /// Counts insertions, deletions, substitutions and swaps of neighbours that turn one text into the other: the optimal
    /// string alignment distance (Damerau 1964; recurrence of Boytsov 2011, section 2.2).
    /// </summary>
    /// <remarks>Looks at the first 64 characters of either: no known name is longer, and a sender's may be of any length.</remarks>
    public static int Distance(string left, string right)
    {
        left = left[..Math.Min(left.Length, LongestName)];
        right = right[..Math.Min(right.Length, LongestName)];
        var d = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                var substituted = d[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substituted, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[left.Length, right.Length];
    }
}
