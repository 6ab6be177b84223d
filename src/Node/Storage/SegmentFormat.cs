using System.Buffers.Binary;

namespace Personalization.Node.Storage;

/// <summary>The bytes of a segment: a header, then records, each a header and a payload. Little-endian.</summary>
/// <remarks>
/// <code>
/// segment   0 "PERSLOG1"   8 first position (8)   16 salt (4)   20 checksum of 0..20 (4)
/// record    0 "REC1"   4 payload length (4)   8 first position (8)   16 events (4)
///          20 checksum of the payload (4)   24 checksum of 0..24 (4)   28 payload
/// </code>
/// The checksum of a record's header starts from the segment's salt, which is drawn at random and never leaves the file. So
/// nobody can send an event whose bytes would pass for a record when a damaged segment is searched for the next whole one.
/// </remarks>
internal static class SegmentFormat
{
    public const int SegmentHeaderLength = 24;
    public const int RecordHeaderLength = 28;

    /// <summary>The longest payload of one record.</summary>
    public const int MaxPayload = 512 << 20;

    public static ReadOnlySpan<byte> RecordMagic => "REC1"u8;

    private static ReadOnlySpan<byte> SegmentMagic => "PERSLOG1"u8;

    public static void WriteSegmentHeader(Span<byte> target, long firstPosition, uint salt)
    {
        SegmentMagic.CopyTo(target);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], firstPosition);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], salt);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], Checksum(Crc32C.Start, target[..20]));
    }

    public static bool TryReadSegmentHeader(ReadOnlySpan<byte> source, out long firstPosition, out uint salt)
    {
        (firstPosition, salt) = (0, 0);
        if (source.Length < SegmentHeaderLength || !source.StartsWith(SegmentMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[20..]) != Checksum(Crc32C.Start, source[..20]))
        {
            return false;
        }

        firstPosition = BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
        salt = BinaryPrimitives.ReadUInt32LittleEndian(source[16..]);
        return true;
    }

    public static void WriteRecordHeader(Span<byte> target, in RecordHeader header, uint salt)
    {
        RecordMagic.CopyTo(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], header.PayloadLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], header.FirstPosition);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], header.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], header.PayloadChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(target[24..], Checksum(salt, target[..24]));
    }

    public static bool TryReadRecordHeader(ReadOnlySpan<byte> source, uint salt, out RecordHeader header)
    {
        header = default;
        if (source.Length < RecordHeaderLength || !source.StartsWith(RecordMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[24..]) != Checksum(salt, source[..24]))
        {
            return false;
        }

        header = new RecordHeader(
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[20..]));
        return header is { PayloadLength: >= 0 and <= MaxPayload, Count: > 0, FirstPosition: > 0 };
    }

    private static uint Checksum(uint seed, ReadOnlySpan<byte> bytes) => Crc32C.Finish(Crc32C.Update(seed, bytes));
}

/// <summary>What a record says of itself before its payload.</summary>
internal readonly record struct RecordHeader(long FirstPosition, int Count, int PayloadLength, uint PayloadChecksum);
