using System.Text;

namespace Personalization.Core.Ingestion;

/// <summary>Splits the people of one partition over lanes that are worked through side by side.</summary>
/// <remarks>
/// One person always falls into one lane, so that the order of a person's events holds while a slow person keeps only one lane
/// waiting. The lane depends on nothing but the person's id and the number of lanes, and is the same in every process:
/// <c>fmix32(FNV-1a-32(UTF-8 of the id)) mod lanes</c>, with FNV-1a as in draft-eastlake-fnv-17 (offset basis 0x811c9dc5, prime
/// 0x01000193) and fmix32 the finaliser of MurmurHash3_x86_32 (public domain, A. Appleby). FNV alone leaves its lowest bits to the
/// lowest bits of the input, and a count of lanes is usually a power of two.
/// <para>Changing the number of lanes moves people between lanes; what a lane has stored about its progress is then void.</para>
/// </remarks>
public readonly record struct LanePlan
{
    /// <summary>The most lanes of one partition.</summary>
    public const int MaxLanes = 64;

    private readonly int _lanes;

    /// <summary>Plans for a number of lanes, 1 to <see cref="MaxLanes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside of that range.</exception>
    public LanePlan(int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes, MaxLanes);
        _lanes = lanes;
    }

    /// <summary>Gets the number of lanes. The default value has one.</summary>
    public int Lanes => Math.Max(1, _lanes);

    /// <summary>Gets the lane of a person's id, 0 to <see cref="Lanes"/> - 1.</summary>
    public int LaneOf(string personId)
    {
        // Four bytes hold any character, so an id of 256 characters fits; longer ones are no ids but must not throw either.
        Span<byte> buffer = stackalloc byte[1024];
        return Encoding.UTF8.TryGetBytes(personId, buffer, out var length)
            ? LaneOf(buffer[..length])
            : LaneOf(Encoding.UTF8.GetBytes(personId));
    }

    /// <summary>Gets the lane of a person's id in UTF-8, as it is the key of a record.</summary>
    public int LaneOf(ReadOnlySpan<byte> personId) => (int)(HashOf(personId) % (uint)Lanes);

    /// <summary>Gets the hash that lanes come from.</summary>
    public static uint HashOf(ReadOnlySpan<byte> bytes) => Mix(Fnv1a(bytes));

    internal static uint Mix(uint hash)
    {
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    internal static uint Fnv1a(ReadOnlySpan<byte> bytes)
    {
        var hash = 0x811c9dc5;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x01000193;
        }

        return hash;
    }
}
