using System.Buffers.Binary;

namespace Personalization.Core.Ingestion;

/// <summary>The partition of a keyed log that a key belongs to.</summary>
/// <remarks>
/// As Kafka's own client for Java chooses it: <c>(murmur2(key) &amp; 0x7fffffff) mod partitions</c>, with MurmurHash2 (public domain,
/// A. Appleby), 32 bits, seed 0x9747b28c (<c>org.apache.kafka.common.utils.Utils.murmur2</c>). Worked out here and not in the client,
/// so that people stay where they are when a topic gets more partitions.
/// </remarks>
public static class KeyPartition
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    /// <summary>Gets the partition, 0 to <paramref name="partitions"/> - 1.</summary>
    /// <param name="key">The key of a record.</param>
    /// <param name="partitions">How many partitions keys are spread over, 1 or more.</param>
    public static int Of(ReadOnlySpan<byte> key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return (int)(Hash(key) & int.MaxValue) % partitions;
    }

    internal static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (uint)key.Length;
        while (key.Length >= 4)
        {
            var block = BinaryPrimitives.ReadUInt32LittleEndian(key) * Multiplier;
            hash = (hash * Multiplier) ^ ((block ^ (block >> 24)) * Multiplier);
            key = key[4..];
        }

        for (var i = key.Length - 1; i >= 0; i--)
        {
            hash ^= (uint)key[i] << (8 * i);
        }

        if (!key.IsEmpty)
        {
            hash *= Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }
}
