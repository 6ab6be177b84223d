using Microsoft.Extensions.Logging.Abstractions;

namespace Personalization.Node.Storage;

/// <summary>
/// The durable log of events between two checkpoints: records of one commit group each, in segments that are dropped whole.
/// </summary>
/// <remarks>
/// <para>
/// Every event has a position, counted from 1 without a hole; positions never go back, also when the log is lost. One thread
/// appends; <see cref="DropThrough"/> and the counters may be used from others.
/// </para>
/// <para>
/// Segments are not preallocated. Reserving blocks (fallocate) gained little on ext4, and overwriting zeros made an append of 30 to
/// 150 KB 1.6 to 1.9 times as fast; but the zeros double what is written, stop appends while a segment is filled with them, and
/// leave a tail that recovery would have to tell from damage. Without them an append costs what a plain write and fsync cost.
/// </para>
/// </remarks>
internal sealed partial class EventLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<SegmentFile> _segments;
    private readonly string _folder;
    private readonly EventLogOptions _options;
    private readonly ILogger _logger;
    private readonly byte[] _staging = SegmentWriter.CreateStaging();
    private SegmentWriter? _current;
    private long _next;

    private EventLog(string folder, EventLogOptions options, ILogger logger, List<SegmentFile> segments, long next)
    {
        _folder = folder;
        _options = options;
        _logger = logger;
        _segments = segments;
        _next = next;
    }

    /// <summary>Gets the position that the next event will get.</summary>
    public long NextPosition => Volatile.Read(ref _next);

    /// <summary>Gets the first position the log can still hold; <see cref="NextPosition"/> when it is empty.</summary>
    public long FirstPosition
    {
        get
        {
            lock (_gate)
            {
                return _segments.Count > 0 ? _segments[0].First : NextPosition;
            }
        }
    }

    /// <summary>Gets the size of all segments in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _segments.Sum(segment => segment.Length);
            }
        }
    }

    /// <summary>Opens the log, and takes away what a crash left unfinished at its end.</summary>
    /// <param name="folder">The folder of the segments, created where missing.</param>
    /// <param name="options">How files are laid out.</param>
    /// <param name="durableThrough">The position of the last checkpoint: up to here the log is not needed any more.</param>
    /// <param name="logger">Is told of torn tails and of holes that lose nothing.</param>
    /// <exception cref="StorageException">The newest segment is damaged, or the folder cannot be used.</exception>
    public static EventLog Open(string folder, EventLogOptions options, long durableThrough, ILogger<EventLog>? logger = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(durableThrough);
        var log = (ILogger?)logger ?? NullLogger.Instance;
        try
        {
            Directory.CreateDirectory(folder);
            Posix.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(folder)) ?? folder);
            foreach (var unfinished in Directory.EnumerateFiles(folder, "*.log.new"))
            {
                File.Delete(unfinished);
            }

            var segments = SegmentFile.List(folder);
            var next = segments.Count == 0 ? 1 : Mend(segments[^1], options, durableThrough, log);
            return new EventLog(folder, options, log, segments, Math.Max(next, durableThrough + 1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The event log '{folder}' cannot be opened: {e.Message.TrimEnd('.')}. Make it readable and writable, or choose another "
                + "folder with --data.", e);
        }
    }

    /// <summary>Reads the records that hold any event after a position, in order.</summary>
    /// <exception cref="StorageException">Events after the position are damaged or missing; the message says which, and what to do.</exception>
    public IEnumerable<LogRecord> ReadAfter(long position)
    {
        SegmentFile[] segments;
        lock (_gate)
        {
            segments = [.. _segments];
        }

        var start = Math.Max(0, Array.FindLastIndex(segments, segment => segment.First <= position + 1));
        if (segments.Length == 0)
        {
            yield break;
        }

        if (segments[start].First > position + 1)
        {
            throw SegmentScan.MissingBetween(_folder, position + 1, segments[start].First - 1);
        }

        var expected = segments[start].First;
        for (var i = start; i < segments.Length; i++)
        {
            var limit = i + 1 < segments.Length ? segments[i + 1].First : long.MaxValue;
            using var scan = new SegmentScan(segments[i], expected, limit, position, _logger);
            while (scan.MoveNext())
            {
                if (scan.Expected > position + 1)
                {
                    yield return scan.Current;
                }
            }

            expected = scan.Expected;
        }
    }

    /// <summary>Appends one commit group and returns the position of its first event, once the group is on disk.</summary>
    /// <param name="parts">The bytes of the group, joined in this order.</param>
    /// <param name="count">How many events they hold, at least 1.</param>
    /// <exception cref="StorageUnavailableException">Nothing was appended. The next call tries again.</exception>
    public long Append(IReadOnlyList<ReadOnlyMemory<byte>> parts, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var first = _next;
        try
        {
            if (_current is null || _current.File.Length >= _options.SegmentBytes)
            {
                Begin(first);
            }

            _current!.Append(parts, first, count);
        }
        catch (Exception e)
        {
            Abandon();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new StorageUnavailableException(
                    $"The event log '{_folder}' could not be written: {e.Message.TrimEnd('.')}. Events are refused until it can; free "
                    + "space on the disk, or repair it.", e);
            }

            throw;
        }

        Volatile.Write(ref _next, first + count);
        return first;
    }

    /// <summary>Ends the current segment, so that <see cref="DropThrough"/> can take all of it.</summary>
    /// <remarks>Belongs to the appending thread, like <see cref="Append"/>.</remarks>
    public void Roll()
    {
        lock (_gate)
        {
            _current?.Dispose();
            _current = null;
        }
    }

    /// <summary>Deletes the segments whose events all have this position or an earlier one, except the one being written.</summary>
    /// <remarks>Call it only when a durable checkpoint holds them. What cannot be deleted is tried again at the next call.</remarks>
    public void DropThrough(long position)
    {
        lock (_gate)
        {
            // From the oldest, so that a crash on the way leaves no hole.
            while (_segments.Count > 0 && _segments[0] != _current?.File)
            {
                var last = (_segments.Count > 1 ? _segments[1].First : NextPosition) - 1;
                if (last > position)
                {
                    return;
                }

                try
                {
                    File.Delete(_segments[0].Path);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    LogNotDropped(e, _segments[0].Path);
                    return;
                }

                _segments.RemoveAt(0);
            }
        }
    }

    public void Dispose() => Roll();

    // Appending goes on in a new segment, so all that is left to do is to cut the newest one to its whole records. They are
    // flushed as well: a process killed before its fsync leaves records that are read back but are not on disk yet.
    private static long Mend(SegmentFile newest, EventLogOptions options, long durableThrough, ILogger logger)
    {
        using var scan = new SegmentScan(newest, newest.First, long.MaxValue, durableThrough, logger);
        while (scan.MoveNext())
        {
        }

        if (newest.IsSalvage)
        {
            return scan.Expected;
        }

        using var handle = File.OpenHandle(newest.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (scan.IsTorn)
        {
            LogTornTail(logger, newest.Path, newest.Length - scan.EndOffset, scan.EndOffset);
            RandomAccess.SetLength(handle, scan.EndOffset);
            newest.Length = scan.EndOffset;
        }

        options.Flush(handle);
        return scan.Expected;
    }

    private void Begin(long first)
    {
        Roll();
        var begun = SegmentWriter.Create(_folder, first, _staging, _options.Flush);
        lock (_gate)
        {
            _segments.RemoveAll(segment => segment.Path == begun.File.Path);
            _segments.Add(begun.File);
            _current = begun;
        }
    }

    private void Abandon()
    {
        lock (_gate)
        {
            if (_current is { } failed)
            {
                _current = null;
                failed.Abandon();
                if (!failed.HasRecords)
                {
                    _segments.Remove(failed.File);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{File} ended in {Bytes} bytes of a record that was never acknowledged; it was cut at byte {Offset}.")]
    private static partial void LogTornTail(ILogger logger, string file, long bytes, long offset);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{File} could not be deleted although a checkpoint holds its events; it is tried again at the next one.")]
    private partial void LogNotDropped(Exception exception, string file);
}
