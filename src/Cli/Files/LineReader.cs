namespace Personalization.Cli.Files;

/// <summary>Reads the lines of a UTF-8 stream as bytes, without a line ever becoming a string.</summary>
internal sealed class LineReader(Stream stream)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Gets the number of the line last read, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next line without its end; a new array, which the caller may keep.</summary>
    /// <returns>Null at the end of the stream.</returns>
    public byte[]? Read()
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return Take(searched + found, 1);
            }

            searched = _end - _start;
            if (_ended)
            {
                return searched == 0 ? null : Take(searched, 0);
            }

            Fill();
        }
    }

    private byte[] Take(int length, int separator)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length + separator;
        if (Line++ == 0 && line.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
        }

        return line.TrimEnd((byte)'\r').ToArray();
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
    }
}
