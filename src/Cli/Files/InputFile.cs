using System.IO.Compression;

namespace Personalization.Cli.Files;

/// <summary>A file that is read once from start to end, unpacked on the way where it is gzip.</summary>
internal sealed class InputFile : IDisposable
{
    private readonly FileStream _file;
    private readonly long _length;

    public InputFile(string path)
    {
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"Can't read {path}: {exception.Message}", exception);
        }

        _length = _file.Length;
        Content = IsGzip() ? new GZipStream(_file, CompressionMode.Decompress) : _file;
    }

    /// <summary>Gets the unpacked content.</summary>
    public Stream Content { get; }

    /// <summary>Gets the share of the file, as it lies on disk, that has been read. Any thread may ask.</summary>
    public double Fraction => _length == 0 ? 1 : Math.Min(1, (double)Volatile.Read(ref _read) / _length);

    private long _read;

    /// <summary>Notes how far the file was read, for <see cref="Fraction"/>.</summary>
    public void NotePosition() => Volatile.Write(ref _read, _file.Position);

    public void Dispose()
    {
        Content.Dispose();
        _file.Dispose();
    }

    // By what it holds, not by its name: a renamed download still reads.
    private bool IsGzip()
    {
        Span<byte> head = stackalloc byte[2];
        var isGzip = _file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head[0] == 0x1f && head[1] == 0x8b;
        _file.Position = 0;
        return isGzip;
    }
}
