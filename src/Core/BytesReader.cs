using System.Buffers.Binary;
using System.Text;

namespace Personalization.Core;

/// <summary>Reads what <see cref="BytesWriter"/> wrote.</summary>
/// <remarks>Every member throws <see cref="InvalidDataException"/> where the bytes end early.</remarks>
internal ref struct BytesReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte ReadByte() => Take(1)[0];

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

    public long ReadNumber() => checked((long)ReadUnsigned());

    public int ReadCount() => checked((int)ReadUnsigned());

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ulong ReadFixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public string? ReadText()
    {
        var length = ReadUnsigned();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(checked((int)(length - 1))));
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
