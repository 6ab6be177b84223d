using System.Buffers.Binary;
using System.Text;

namespace Personalization.Core;

/// <summary>Reads what <see cref="BytesWriter"/> wrote.</summary>
/// <remarks>Every member throws <see cref="InvalidDataException"/> where the bytes end early or hold something else.</remarks>
internal ref struct BytesReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte ReadByte() => Take(1)[0];

    /// <summary>Takes all that is left.</summary>
    public ReadOnlySpan<byte> ReadRest() => Take(_rest.Length);

    public ulong ReadUnsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var group = ReadByte();
            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number is longer than 64 bits.");
    }

    public long ReadNumber() => (long)AtMost(long.MaxValue);

    public int ReadInt32() => (int)AtMost(int.MaxValue);

    public ushort ReadUInt16() => (ushort)AtMost(ushort.MaxValue);

    public uint ReadUInt32() => (uint)AtMost(uint.MaxValue);

    /// <summary>Reads a number that may be negative.</summary>
    public long ReadSigned()
    {
        var value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads how many things follow. Each takes a byte at least, so damaged bytes can't ask for all the memory there is.</summary>
    public int ReadCount() => (int)AtMost((ulong)_rest.Length);

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ulong ReadFixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public string? ReadText()
    {
        var length = AtMost(int.MaxValue);
        return length == 0 ? null : Encoding.UTF8.GetString(Take((int)length - 1));
    }

    /// <summary>Reads bytes that follow their length.</summary>
    public byte[] ReadBytes() => Take(ReadCount()).ToArray();

    public string ReadRequiredText() => ReadText() ?? throw new InvalidDataException("A required text is missing.");

    private ulong AtMost(ulong most)
    {
        var value = ReadUnsigned();
        return value <= most ? value : throw new InvalidDataException($"The number {value} is greater than {most}.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new InvalidDataException("The bytes end early.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
