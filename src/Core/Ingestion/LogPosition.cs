namespace Personalization.Core.Ingestion;

/// <summary>The position of an event in a partitioned log, as one number that only grows for one person.</summary>
/// <remarks>
/// A person's events are in one partition, so its offsets order them. When partitions are added people move to others and offsets
/// begin anew; the epoch, raised at that moment, keeps the number growing. 15 bits of epoch, 48 of offset.
/// </remarks>
public static class LogPosition
{
    private const int OffsetBits = 48;

    /// <summary>The greatest offset: some 280 million million events in one partition.</summary>
    public const long MostOffset = (1L << OffsetBits) - 2;

    /// <summary>Joins an epoch, 0 to 32 767, and an offset, from 0, into a position from 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them is out of its range.</exception>
    public static long Of(int epoch, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, short.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, MostOffset);
        return ((long)epoch << OffsetBits) | (offset + 1);
    }

    /// <summary>Gets the offset of a position.</summary>
    public static long OffsetOf(long position) => (position & ((1L << OffsetBits) - 1)) - 1;
}
