namespace Personalization.Core;

/// <summary>A hash of text that is the same in every process and on every machine, for what is stored or divided among machines.</summary>
/// <remarks>FNV-1a (Fowler, Noll, Vo) with 64 bits, over UTF-16 code units.</remarks>
public static class StableHash
{
    /// <summary>Hashes a text.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return hash;
    }
}
