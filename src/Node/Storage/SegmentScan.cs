namespace Personalization.Node.Storage;

/// <summary>Walks one segment, record by record, and decides what a record that is not whole means.</summary>
/// <remarks>
/// Only one record is ever under way, and the next is written after it is durable. So a bad record with nothing whole behind
/// it at the end of the newest segment was never acknowledged, and everything else that is bad was. A segment counts up to
/// where the next one begins: what a failed append may have left behind that point belongs to nobody.
/// </remarks>
internal sealed partial class SegmentScan : IDisposable
{
    private readonly SegmentFile _segment;
    private readonly SegmentReader _reader;
    private readonly long _limit;
    private readonly long _durableThrough;
    private readonly ILogger _logger;

    /// <param name="segment">The segment to walk.</param>
    /// <param name="expected">The first position that has not been read from earlier segments.</param>
    /// <param name="limit">Where the next segment begins; <see cref="long.MaxValue"/> for the newest.</param>
    /// <param name="durableThrough">Up to here the events are in the checkpoint, so that a hole loses nothing.</param>
    /// <param name="logger">Is told of holes that are passed over.</param>
    public SegmentScan(SegmentFile segment, long expected, long limit, long durableThrough, ILogger logger)
    {
        _segment = segment;
        _limit = limit;
        _durableThrough = durableThrough;
        _logger = logger;
        Expected = expected;
        try
        {
            _reader = new SegmentReader(segment.Path, segment.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }

        if (_reader.HasHeader && _reader.FirstPosition != segment.First)
        {
            _reader.Dispose();
            throw new StorageException(
                $"'{segment.Path}' is named for position {segment.First} but begins with {_reader.FirstPosition}. Give it its own name back.");
        }
    }

    /// <summary>Gets the record that was read last.</summary>
    public LogRecord Current => new(_reader.Header.FirstPosition, _reader.Header.Count, _reader.Payload.ToArray());

    /// <summary>Gets the position that the next record must begin with.</summary>
    public long Expected { get; private set; }

    /// <summary>Gets where the last whole record ends.</summary>
    public long EndOffset => _reader.Offset;

    /// <summary>Gets a value indicating whether the newest segment ends in a record that was never finished.</summary>
    public bool IsTorn { get; private set; }

    private bool IsNewest => _limit == long.MaxValue;

    public bool MoveNext()
    {
        try
        {
            return Expected < _limit && (TryTake() || (TryFindNext() && TryTake()));
        }
        catch (IOException e)
        {
            throw Unreadable(e);
        }
    }

    public void Dispose() => _reader.Dispose();

    private bool TryTake()
    {
        var offset = _reader.Offset;
        if (!_reader.TryRead())
        {
            return false;
        }

        var (first, count) = (_reader.Header.FirstPosition, _reader.Header.Count);
        if (first > Expected && first < _limit)
        {
            GiveUp(first - 1, offset);
        }
        else if (first != Expected)
        {
            throw OutOfOrder(offset, first);
        }

        Expected = first + count;
        return Expected <= _limit ? true : throw OutOfOrder(offset, first);
    }

    // Comes here where no whole record begins. True when the next one was found.
    private bool TryFindNext()
    {
        var offset = _reader.Offset;
        if (_reader.AtEnd && IsNewest && _reader.HasHeader)
        {
            return false;
        }

        var next = _reader.FindNext(Expected);
        if (next is { } found && found < _limit)
        {
            if (found > Expected)
            {
                GiveUp(found - 1, offset);
            }

            return true;
        }

        if (!IsNewest)
        {
            GiveUp(_limit - 1, offset);
        }
        else if (!_segment.IsSalvage)
        {
            // A segment gets its name after its header is durable, so a missing header is damage at whatever length.
            IsTorn = _reader.HasHeader ? true : throw Damaged(offset, $"from {Expected} on");
        }

        return false;
    }

    private void GiveUp(long last, long offset)
    {
        if (last <= _durableThrough)
        {
            LogNothingLost(_logger, _segment.Path, offset, Expected, last);
        }
        else if (_segment.IsSalvage)
        {
            LogGivenUp(_logger, _segment.Path, offset, Expected, last);
        }
        else
        {
            // Whole up to its last byte: what is missing was in another file.
            throw offset == _segment.Length && _reader.HasHeader ? Missing(last) : Damaged(offset, $"{Expected} to {last}");
        }

        Expected = last + 1;
    }

    private StorageException Damaged(long offset, string positions) => new(
        $"'{_segment.Path}' is damaged at byte {offset}: events {positions} cannot be read. Restore the file from a copy, or rename it to "
        + $"'{Path.ChangeExtension(Path.GetFileName(_segment.Path), ".salvage")}' to keep what can be read and give up those events.");

    private StorageException Missing(long last) => MissingBetween(Path.GetDirectoryName(_segment.Path)!, Expected, last);

    /// <summary>Says that no file holds some events, and what a person can do.</summary>
    public static StorageException MissingBetween(string folder, long first, long last) => new(
        $"Events {first} to {last} are missing in '{folder}', and the last checkpoint does not hold them. Restore the files (and the "
        + $"database of the same copy), or make an empty file '{Path.GetFileName(SegmentFile.SalvagePath(folder, first))}' there to "
        + "give up those events.");

    private StorageException Unreadable(Exception e) => new(
        $"'{_segment.Path}' cannot be read: {e.Message.TrimEnd('.')}. Make it readable, repair the disk, or restore the file.", e);

    private StorageException OutOfOrder(long offset, long found) => new(
        $"'{_segment.Path}' holds position {found} at byte {offset} where {Expected} belongs. Restore the log and the database from one copy.");

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{File} was not readable at byte {Offset}; events {First} to {Last} are in the checkpoint, so nothing is lost.")]
    private static partial void LogNothingLost(ILogger logger, string file, long offset, long first, long last);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{File} was not readable at byte {Offset}; events {First} to {Last} are given up, as its name asks.")]
    private static partial void LogGivenUp(ILogger logger, string file, long offset, long first, long last);
}
