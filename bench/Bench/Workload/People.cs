using System.Buffers.Binary;

namespace Personalization.Bench.Workload;

/// <summary>The people, by number. Their ids look like the SDK's (36 characters) and are made, not kept, so that asking for one costs no cold memory.</summary>
internal static class People
{
    public static string Id(int number) => Uuid((ulong)number);

    /// <summary>Makes a UUID-shaped text of a number.</summary>
    public static string Uuid(ulong number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Mix(number * 2));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Mix((number * 2) + 1));
        return new Guid(bytes).ToString();
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits whose values look random.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
