namespace Personalization.Node.Storage;

/// <summary>Reads the records of one segment in order, and finds the next whole one where some are damaged.</summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly FileStream _stream;
    private readonly long _length;
    private readonly uint _salt;
    private byte[] _payload = [];

    /// <summary>Opens a segment to read no further than <paramref name="length"/>.</summary>
    public SegmentReader(string path, long length)
    {
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 256 << 10);
        _length = Math.Min(length, _stream.Length);

        Span<byte> header = stackalloc byte[SegmentFormat.SegmentHeaderLength];
        var read = _stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        HasHeader = SegmentFormat.TryReadSegmentHeader(header[..read], out var first, out _salt);
        FirstPosition = first;
        Offset = HasHeader ? SegmentFormat.SegmentHeaderLength : 0;
    }

    /// <summary>Gets a value indicating whether the segment's own header is whole; without it no record can be checked.</summary>
    public bool HasHeader { get; }

    /// <summary>Gets the first position the header names.</summary>
    public long FirstPosition { get; }

    /// <summary>Gets where the next record begins, or where the one that is not whole begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Gets a value indicating whether everything was read.</summary>
    public bool AtEnd => Offset >= _length;

    /// <summary>Gets the header of the record just read.</summary>
    public RecordHeader Header { get; private set; }

    /// <summary>Gets the payload of the record just read; the next read overwrites it.</summary>
    public ReadOnlySpan<byte> Payload => _payload.AsSpan(0, Header.PayloadLength);

    /// <summary>Reads the record at <see cref="Offset"/>; false, and no step further, where none is whole.</summary>
    public bool TryRead()
    {
        _stream.Position = Offset;
        Span<byte> bytes = stackalloc byte[SegmentFormat.RecordHeaderLength];
        var left = _length - Offset - bytes.Length;
        if (!HasHeader || left < 0
            || _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length
            || !SegmentFormat.TryReadRecordHeader(bytes, _salt, out var header)
            || header.PayloadLength > left)
        {
            return false;
        }

        if (_payload.Length < header.PayloadLength)
        {
            _payload = GC.AllocateUninitializedArray<byte>(Math.Max(header.PayloadLength, Math.Min(_payload.Length, SegmentFormat.MaxPayload / 2) * 2));
        }

        var payload = _payload.AsSpan(0, header.PayloadLength);
        if (_stream.ReadAtLeast(payload, payload.Length, throwOnEndOfStream: false) < payload.Length
            || Crc32C.Finish(Crc32C.Update(Crc32C.Start, payload)) != header.PayloadChecksum)
        {
            return false;
        }

        Header = header;
        Offset += bytes.Length + payload.Length;
        return true;
    }

    /// <summary>Moves to the next whole record of a position from <paramref name="atLeast"/> on, and says which position that is.</summary>
    /// <returns>The position, or null, and no step, where no whole record follows.</returns>
    public long? FindNext(long atLeast)
    {
        if (!HasHeader || AtEnd)
        {
            return null;
        }

        var start = Offset;
        var rest = GC.AllocateUninitializedArray<byte>(checked((int)(_length - start)));
        _stream.Position = start;
        var read = _stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false);

        for (var at = 1; at < read; at++)
        {
            var hop = rest.AsSpan(at, read - at).IndexOf(SegmentFormat.RecordMagic);
            if (hop < 0)
            {
                break;
            }

            at += hop;
            if (SegmentFormat.TryReadRecordHeader(rest.AsSpan(at, read - at), _salt, out var header) && header.FirstPosition >= atLeast)
            {
                Offset = start + at;
                if (TryRead())
                {
                    Offset = start + at;
                    return header.FirstPosition;
                }
            }
        }

        Offset = start;
        return null;
    }

    public void Dispose() => _stream.Dispose();
}
