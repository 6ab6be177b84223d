using System.Buffers.Binary;
using System.Numerics;

namespace Personalization.Node.Storage;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), with the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Continues a state over more bytes.</summary>
    public static uint Update(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    /// <summary>Turns the last state into the checksum.</summary>
    public static uint Finish(uint state) => ~state;
}
