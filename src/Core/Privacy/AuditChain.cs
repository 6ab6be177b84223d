using System.Buffers;
using System.Security.Cryptography;

namespace Personalization.Core.Privacy;

/// <summary>Follows a chain of entries and finds where it was tampered with.</summary>
/// <remarks>
/// Each entry's hash is SHA-256 (FIPS 180-4) over the hash before it and the entry's canonical bytes, so that nobody can change, remove
/// or move one without all that follow showing it (Haber and Stornetta, How to Time-Stamp a Digital Document, 1991, section 5.1). Whoever can
/// write everything can write another chain altogether; against that helps an <see cref="AuditHead"/> kept elsewhere.
/// </remarks>
public sealed class AuditChain
{
    /// <summary>The bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    private const byte Version = 1;

    private ReadOnlyMemory<byte> _hash = AuditHead.Empty.Hash;

    /// <summary>Gets the number of the last entry that was followed.</summary>
    public long Sequence { get; private set; }

    /// <summary>Gets the hash of the last entry that was followed.</summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>Follows the next entry, and tells what is wrong with it. Behind a fault nothing more can be told.</summary>
    public AuditFault? Follow(AuditEntry entry)
    {
        var expected = Sequence + 1;
        if (entry.Sequence > expected)
        {
            return new AuditFault(expected, entry.Sequence == expected + 1
                ? $"Entry {expected} is missing."
                : $"Entries {expected} to {entry.Sequence - 1} are missing.");
        }

        if (entry.Sequence < expected)
        {
            return new AuditFault(entry.Sequence, $"Entry {entry.Sequence} stands where entry {expected} should.");
        }

        if (!entry.Hash.Span.SequenceEqual(HashOf(entry).Span))
        {
            return new AuditFault(expected, $"Entry {expected} was changed: its hash is not that of what it says.");
        }

        if (!entry.Previous.Span.SequenceEqual(_hash.Span))
        {
            return new AuditFault(expected, expected == 1
                ? "Entry 1 is not the first of its chain: what was before it is missing."
                : $"Entry {expected} follows another entry {expected - 1} than the one that is there: that one was replaced, or the order changed.");
        }

        (Sequence, _hash) = (expected, entry.Hash);
        return null;
    }

    /// <summary>Compares with the end that was noted elsewhere, once all entries are followed.</summary>
    public AuditFault? End(AuditHead head)
    {
        if (head.Sequence > Sequence)
        {
            return new AuditFault(Sequence + 1, head.Sequence == Sequence + 1
                ? $"Entry {head.Sequence}, the last one, is missing."
                : $"Entries {Sequence + 1} to {head.Sequence}, the last ones, are missing.");
        }

        return head.Sequence < Sequence || head.Hash.Span.SequenceEqual(_hash.Span)
            ? null
            : new AuditFault(Sequence, $"Entry {Sequence}, the last one, is another than was noted.");
    }

    /// <summary>Gives the hash that an entry must have.</summary>
    public static ReadOnlyMemory<byte> HashOf(AuditEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        bytes.Write(entry.Previous.Span);
        WriteContent(bytes, entry);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    /// <summary>Writes an entry, as a chain that is no table keeps it.</summary>
    public static byte[] Write(AuditEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        bytes.Write(entry.Previous.Span);
        bytes.Write(entry.Hash.Span);
        WriteContent(bytes, entry);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no entry.</exception>
    public static AuditEntry Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 * HashLength)
        {
            throw new InvalidDataException("The bytes end early.");
        }

        var reader = new BytesReader(bytes[(2 * HashLength)..]);
        var version = reader.ReadByte();
        return version == Version
            ? new AuditEntry(
                reader.ReadNumber(),
                reader.ReadNumber(),
                reader.ReadRequiredText(),
                reader.ReadRequiredText(),
                reader.ReadText(),
                reader.ReadRequiredText(),
                bytes[..HashLength].ToArray(),
                bytes[HashLength..(2 * HashLength)].ToArray())
            : throw new InvalidDataException($"The audit entry has version {version}; this program reads version {Version}.");
    }

    // Canonical: every text behind its length, so that nothing can move from one field to the next.
    private static void WriteContent(ArrayBufferWriter<byte> bytes, AuditEntry entry)
    {
        bytes.WriteByte(Version);
        bytes.WriteNumber(entry.Sequence);
        bytes.WriteNumber(entry.Time);
        bytes.WriteText(entry.Kind);
        bytes.WriteText(entry.Actor);
        bytes.WriteText(entry.Subject);
        bytes.WriteText(entry.Details);
    }
}
