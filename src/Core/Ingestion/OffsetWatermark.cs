namespace Personalization.Core.Ingestion;

/// <summary>Tracks which offsets of one partition are finished, and how far it is safe to commit.</summary>
/// <remarks>
/// <para>Two levels: a record is <em>applied</em> once its lane has taken it, and <em>durable</em> once what it changed would survive a
/// crash. Both watermarks are contiguous: one unfinished record holds them back however much beyond it is finished, and neither ever
/// goes back. A lane tells of its durability by one number, "everything of mine through this offset", so a record that failed must be
/// <see cref="Settle">settled</see> before the lane may pass it.</para>
/// <para>Offsets have holes (compaction, transactions), so positions come from records that were seen, never from counting.</para>
/// <para>Not thread-safe: one instance belongs to one partition. Holds 16 bytes for every record between the durable watermark and the
/// last record seen.</para>
/// </remarks>
public sealed class OffsetWatermark
{
    private readonly long[] _durableThrough;
    private Entry[] _ring = new Entry[256];
    private int _head;
    private int _count;
    private int _applied;

    /// <summary>Starts at a position.</summary>
    /// <param name="start">The first offset not known to be durable; 0 or more.</param>
    /// <param name="lanes">The number of lanes.</param>
    public OffsetWatermark(long start, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        Next = AppliedNext = DurableNext = start;
        _durableThrough = new long[lanes];
        Array.Fill(_durableThrough, -1);
    }

    /// <summary>Gets the lowest offset that the next record may have: one more than the last record seen.</summary>
    public long Next { get; private set; }

    /// <summary>Gets the position below which every record seen is applied.</summary>
    public long AppliedNext { get; private set; }

    /// <summary>Gets the position below which every record seen is durable: what may be committed.</summary>
    public long DurableNext { get; private set; }

    /// <summary>Gets how many records were seen and are not yet below <see cref="DurableNext"/>: what a crash now would replay.</summary>
    public int Open => _count;

    /// <summary>Notes that a record was read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is not above the last one, or there is no such lane.</exception>
    public void Begin(long offset, int lane)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, Next);
        ArgumentOutOfRangeException.ThrowIfNegative(lane);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lane, _durableThrough.Length);
        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[Slot(_count++)] = new Entry(offset, lane);
        Next = offset + 1;
    }

    /// <summary>Notes that a lane has taken a record. Offsets that are not open are ignored: a second delivery is no fault.</summary>
    public void Apply(long offset)
    {
        if (TryFind(offset, out var index))
        {
            _ring[Slot(index)].Applied = true;
            Advance();
        }
    }

    /// <summary>Notes that a record needs nothing more: it was set aside durably, as a dead letter for example.</summary>
    public void Settle(long offset)
    {
        if (TryFind(offset, out var index))
        {
            ref var entry = ref _ring[Slot(index)];
            entry.Applied = true;
            entry.Settled = true;
            Advance();
        }
    }

    /// <summary>Notes that whatever a lane took through an offset is durable. A lower offset than before changes nothing.</summary>
    public void MakeDurable(int lane, long through)
    {
        if (through > _durableThrough[lane])
        {
            _durableThrough[lane] = through;
            Advance();
        }
    }

    /// <summary>Gets the offset through which a lane is durable, or -1 where it never said so.</summary>
    public long DurableThrough(int lane) => _durableThrough[lane];

    /// <summary>Gets the oldest record that is applied and not durable: what the durable watermark waits for.</summary>
    /// <returns>False where it waits for nothing, or for a record that is not applied yet.</returns>
    public bool TryGetUndurable(out long offset, out int lane)
    {
        (offset, lane) = _applied > 0 ? (_ring[_head].Offset, _ring[_head].Lane) : (-1, -1);
        return _applied > 0;
    }

    private void Advance()
    {
        while (_applied < _count && _ring[Slot(_applied)].Applied)
        {
            _applied++;
        }

        AppliedNext = PositionOf(_applied, AppliedNext);

        // Durable never passes applied, so that a lane's number from an earlier life can't carry a record it has yet to take.
        var durable = 0;
        while (durable < _applied && IsDurable(_ring[Slot(durable)]))
        {
            durable++;
        }

        DurableNext = PositionOf(durable, DurableNext);
        _head = Slot(durable);
        _count -= durable;
        _applied -= durable;
    }

    // A hole after the last finished record belongs to no one yet: the position is one more than what was seen.
    private long PositionOf(int finished, long otherwise) => finished > 0 ? _ring[Slot(finished - 1)].Offset + 1 : otherwise;

    private bool IsDurable(Entry entry) => entry.Settled || _durableThrough[entry.Lane] >= entry.Offset;

    private int Slot(int index) => (_head + index) & (_ring.Length - 1);

    private bool TryFind(long offset, out int index)
    {
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            index = (low + high) >>> 1;
            var found = _ring[Slot(index)].Offset;
            if (found == offset)
            {
                return true;
            }

            (low, high) = found < offset ? (index + 1, high) : (low, index - 1);
        }

        index = -1;
        return false;
    }

    private void Grow()
    {
        var grown = new Entry[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            grown[i] = _ring[Slot(i)];
        }

        (_ring, _head) = (grown, 0);
    }

    private struct Entry(long offset, int lane)
    {
        public readonly long Offset = offset;
        public readonly short Lane = (short)lane;
        public bool Applied;
        public bool Settled;
    }
}
