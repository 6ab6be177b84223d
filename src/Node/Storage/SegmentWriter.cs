using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Personalization.Node.Storage;

/// <summary>The segment that is being written. Knows how many of its bytes are durable.</summary>
internal sealed class SegmentWriter : IDisposable
{
    // Parts of an event's size are cheaper to copy than to hand to the kernel one by one; larger ones go to it directly.
    private const int StagingBytes = 256 << 10;
    private const int CopyBelow = 16 << 10;

    private readonly SafeFileHandle _handle;
    private readonly Action<SafeFileHandle> _flush;
    private readonly byte[] _staging;
    private readonly uint _salt;

    private SegmentWriter(SegmentFile file, SafeFileHandle handle, uint salt, byte[] staging, Action<SafeFileHandle> flush)
    {
        File = file;
        _handle = handle;
        _salt = salt;
        _staging = staging;
        _flush = flush;
    }

    public SegmentFile File { get; }

    public bool HasRecords => File.Length > SegmentFormat.SegmentHeaderLength;

    /// <summary>Makes the buffer that writers of one log hand on to each other.</summary>
    public static byte[] CreateStaging() => GC.AllocateUninitializedArray<byte>(StagingBytes, pinned: true);

    /// <summary>Makes a new segment whose header and name are durable.</summary>
    /// <remarks>
    /// The file gets its name after its header is on disk, so a named segment without a header is damage and never a crash. A file
    /// that has the name already holds no durable record (a failed append left it) and is replaced.
    /// </remarks>
    public static SegmentWriter Create(string folder, long firstPosition, byte[] staging, Action<SafeFileHandle> flush)
    {
        var path = SegmentFile.LogPath(folder, firstPosition);
        var unnamed = path + ".new";
        SafeFileHandle? handle = null;
        try
        {
            handle = System.IO.File.OpenHandle(unnamed, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[SegmentFormat.SegmentHeaderLength];
            var salt = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
            SegmentFormat.WriteSegmentHeader(header, firstPosition, salt);
            RandomAccess.Write(handle, header, 0);
            flush(handle);
            System.IO.File.Move(unnamed, path, overwrite: true);
            Posix.SyncFolder(folder);
            return new SegmentWriter(new SegmentFile(path, firstPosition, IsSalvage: false) { Length = header.Length }, handle, salt, staging, flush);
        }
        catch
        {
            handle?.Dispose();
            TryDelete(unnamed);
            throw;
        }
    }

    /// <summary>Writes one record and makes it durable.</summary>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> parts, long firstPosition, int count)
    {
        var checksum = Crc32C.Start;
        var length = 0L;
        for (var i = 0; i < parts.Count; i++)
        {
            checksum = Crc32C.Update(checksum, parts[i].Span);
            length += parts[i].Length;
        }

        if (length > SegmentFormat.MaxPayload)
        {
            throw new ArgumentException($"A record of {length} bytes is over the limit of {SegmentFormat.MaxPayload}.", nameof(parts));
        }

        var header = new RecordHeader(firstPosition, count, (int)length, Crc32C.Finish(checksum));
        SegmentFormat.WriteRecordHeader(_staging, header, _salt);

        var offset = File.Length;
        var staged = SegmentFormat.RecordHeaderLength;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i].Span;
            if (part.Length >= CopyBelow || staged + part.Length > _staging.Length)
            {
                RandomAccess.Write(_handle, _staging.AsSpan(0, staged), offset);
                offset += staged;
                staged = 0;
            }

            if (part.Length >= CopyBelow)
            {
                RandomAccess.Write(_handle, part, offset);
                offset += part.Length;
            }
            else
            {
                part.CopyTo(_staging.AsSpan(staged));
                staged += part.Length;
            }
        }

        RandomAccess.Write(_handle, _staging.AsSpan(0, staged), offset);
        _flush(_handle);
        File.Length = offset + staged;
    }

    /// <summary>Takes back what is not durable and closes the file, after an append failed.</summary>
    /// <remarks>
    /// After a failed fsync the kernel may hold pages that look written and are not, and the next fsync will say nothing about
    /// them. So nothing is ever appended here again. Cutting the file gives the space back; where even that fails the next
    /// segment, which begins at the same position, takes precedence when the log is read.
    /// </remarks>
    public void Abandon()
    {
        try
        {
            RandomAccess.SetLength(_handle, File.Length);
            _flush(_handle);
        }
        catch (IOException)
        {
        }

        _handle.Dispose();
        if (!HasRecords)
        {
            TryDelete(File.Path);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static void TryDelete(string path)
    {
        try
        {
            System.IO.File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It holds no record, and the next attempt replaces it.
        }
    }
}
