using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Personalization.Node.Storage;

/// <summary>Clears the unused part of every page of an SQLite file.</summary>
/// <remarks>
/// <para>
/// <c>secure_delete</c> overwrites a row where it lies. But when SQLite divides the rows of full pages anew it leaves the old copies of
/// those it moved between a page's list of cells and its cells, and nothing ever clears them: of 2 000 ids deleted from 20 000, 12
/// were still in the file. That part of a page means nothing (sqlite.org/fileformat2.html, 1.6, "unallocated space"), so it can be
/// cleared behind SQLite's back, while nobody writes and the write-ahead log is empty.
/// </para>
/// <para>The file stays open: closing it would take away the locks that SQLite's own handles hold (POSIX locks belong to a process).</para>
/// </remarks>
internal sealed class PageScrubber(string file, int pageSize) : IDisposable
{
    private const int FileHeader = 100;
    private const int PagesAtOnce = 256;

    // SQLite keeps its locks there and never a page.
    private const long LockByte = 1L << 30;

    // Up to this many pages the first byte of an overflow page is the zero of a page number, and can't be taken for a type.
    private const long MostPages = 1 << 24;

    private readonly byte[] _pages = GC.AllocateUninitializedArray<byte>(pageSize * PagesAtOnce);
    private readonly byte[] _zeros = new byte[pageSize];
    private SafeFileHandle? _handle;

    /// <summary>Clears all pages, and flushes. The caller keeps everybody from writing.</summary>
    /// <returns>How many pages had something in their unused part.</returns>
    public int ScrubAll()
    {
        _handle ??= File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var count = RandomAccess.GetLength(_handle) / pageSize;
        if (count > MostPages)
        {
            throw new IOException($"it has {count} pages, more than the {MostPages} whose unused parts can be cleared");
        }

        var cleared = 0;
        for (var first = 0L; first < count; first += PagesAtOnce)
        {
            var length = RandomAccess.Read(_handle, _pages, first * pageSize);
            for (var i = 0; i < length / pageSize; i++)
            {
                cleared += Scrub(_pages.AsSpan(i * pageSize, pageSize), (first + i) * pageSize) ? 1 : 0;
            }
        }

        if (cleared > 0)
        {
            RandomAccess.FlushToDisk(_handle);
        }

        return cleared;
    }

    public void Dispose() => _handle?.Dispose();

    private bool Scrub(ReadOnlySpan<byte> page, long offset)
    {
        if (offset == LockByte || !TryFindUnused(page, offset == 0 ? FileHeader : 0, out var start, out var end))
        {
            return false;
        }

        // Only the unused bytes are written, so that no failure can touch the others.
        if (page[start..end].IndexOfAnyExcept((byte)0) < 0)
        {
            return false;
        }

        RandomAccess.Write(_handle!, _zeros.AsSpan(0, end - start), offset + start);
        return true;
    }

    // A page of a tree: type (1), first free block (2), cells (2), start of the cells' content (2), fragments (1), for inner pages the right
    // child (4); then 2 bytes for each cell.
    private static bool TryFindUnused(ReadOnlySpan<byte> page, int header, out int start, out int end)
    {
        (start, end) = (0, 0);
        var type = page[header];
        if (type is not (2 or 5 or 10 or 13))
        {
            return false;
        }

        var cells = BinaryPrimitives.ReadUInt16BigEndian(page[(header + 3)..]);
        int content = BinaryPrimitives.ReadUInt16BigEndian(page[(header + 5)..]);
        start = header + (type is 2 or 5 ? 12 : 8) + (2 * cells);
        end = content == 0 ? 65536 : content;
        return start < end && end <= page.Length;
    }
}
