using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Personalization.Core;

/// <summary>Writes the primitives that the binary codecs are made of.</summary>
internal static class BytesWriter
{
    public static void WriteByte(this IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    /// <summary>Writes an unsigned number in groups of seven bits, least first (LEB128).</summary>
    public static void WriteNumber(this IBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }

    public static void WriteNumber(this IBufferWriter<byte> output, long value) => output.WriteNumber(checked((ulong)value));

    /// <summary>Writes a number that may be negative, small ones of either sign in few bytes (zigzag).</summary>
    public static void WriteSigned(this IBufferWriter<byte> output, long value) => output.WriteNumber((ulong)((value << 1) ^ (value >> 63)));

    public static void WriteDouble(this IBufferWriter<byte> output, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public static void WriteFixed(this IBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    /// <summary>Writes bytes behind their length.</summary>
    public static void WriteBytes(this IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        output.WriteNumber((ulong)value.Length);
        output.Write(value);
    }

    /// <summary>Writes a text as its UTF-8 length plus one, then its bytes; null is 0.</summary>
    public static void WriteText(this IBufferWriter<byte> output, string? value)
    {
        if (value is null)
        {
            output.WriteByte(0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        output.WriteNumber((ulong)length + 1);
        Encoding.UTF8.GetBytes(value, output.GetSpan(length));
        output.Advance(length);
    }
}
