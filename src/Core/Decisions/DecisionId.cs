using System.Buffers.Binary;

namespace Personalization.Core.Decisions;

/// <summary>The id of a decision: 48 bits of time and 80 random bits, so that ids sort by time and can't be guessed.</summary>
/// <remarks>Written as a ULID (github.com/ulid/spec): 26 characters of Crockford's base 32.</remarks>
/// <param name="High">The upper 64 bits: 48 of milliseconds since the Unix epoch, 16 random.</param>
/// <param name="Low">The lower 64 bits, random.</param>
public readonly record struct DecisionId(ulong High, ulong Low)
{
    /// <summary>How many characters an id is written with.</summary>
    public const int TextLength = 26;

    /// <summary>How many bytes an id takes.</summary>
    public const int ByteLength = 16;

    // Of the first of 26 digits only three of its five bits are left: 26 × 5 = 130.
    private const int OverflowBit = 123;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Makes an id.</summary>
    /// <param name="now">Milliseconds since the Unix epoch.</param>
    /// <param name="random">Random bits, of which the upper 16 and all lower 64 are used.</param>
    public static DecisionId Create(long now, UInt128 random) =>
        new(((ulong)now << 16) | (ulong)(random >> 112), (ulong)random);

    /// <summary>Gets when the decision was made, in milliseconds since the Unix epoch.</summary>
    public long CreatedAt => (long)(High >> 16);

    /// <summary>Reads an id that <see cref="ToString"/> wrote, in either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DecisionId id)
    {
        id = default;
        if (text.Length != TextLength)
        {
            return false;
        }

        UInt128 value = 0;
        foreach (var character in text)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0 || value >> OverflowBit != 0)
            {
                return false;
            }

            value = (value << 5) | (uint)digit;
        }

        id = new DecisionId((ulong)(value >> 64), (ulong)value);
        return true;
    }

    /// <summary>Writes the 26 characters as ASCII.</summary>
    public void Format(Span<byte> ascii)
    {
        var value = new UInt128(High, Low);
        for (var i = TextLength - 1; i >= 0; i--)
        {
            ascii[i] = (byte)Alphabet[(int)((ulong)value & 31)];
            value >>= 5;
        }
    }

    /// <summary>Writes the 16 bytes, so that their order is that of time.</summary>
    public void WriteBytes(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(TextLength, this, (characters, id) =>
    {
        Span<byte> ascii = stackalloc byte[TextLength];
        id.Format(ascii);
        for (var i = 0; i < TextLength; i++)
        {
            characters[i] = (char)ascii[i];
        }
    });
}
