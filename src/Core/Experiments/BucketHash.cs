using System.Globalization;

namespace Personalization.Core.Experiments;

/// <summary>GrowthBook's hash: where in [0, 1) a person falls for a seed.</summary>
/// <remarks>
/// Source: GrowthBook SDK specification, "Hashing"; FNV-1a with 32 bits (Fowler, Noll, Vo; draft-eastlake-fnv, section 2) over
/// UTF-16 code units, as the JavaScript SDK does. For ASCII that is the same as over bytes.
/// </remarks>
public static class BucketHash
{
    private const uint OffsetBasis = 2_166_136_261;
    private const uint Prime = 16_777_619;
    private const int LongestUInt32 = 10;

    /// <summary>Hashes a value for a seed. Allocates nothing.</summary>
    /// <param name="seed">What makes this draw independent of others: the experiment's key, or a phase of it.</param>
    /// <param name="value">The person's stable id.</param>
    /// <param name="version">
    /// 2, the unbiased hash with a resolution of 1/10 000, or 1, the hash of old experiments with a resolution of 1/1 000, whose
    /// draws for similar seeds depend on each other.
    /// </param>
    /// <returns>A number in [0, 1), or null for any other version.</returns>
    public static double? Compute(ReadOnlySpan<char> seed, ReadOnlySpan<char> value, int version)
    {
        switch (version)
        {
            case 1:
                return Fnv1a(Fnv1a(OffsetBasis, value), seed) % 1_000 / 1_000.0;
            case 2:
                Span<char> digits = stackalloc char[LongestUInt32];
                Fnv1a(Fnv1a(OffsetBasis, seed), value).TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
                return Fnv1a(OffsetBasis, digits[..length]) % 10_000 / 10_000.0;
            default:
                return null;
        }
    }

    private static uint Fnv1a(uint hash, ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            hash = unchecked((hash ^ unit) * Prime);
        }

        return hash;
    }
}
