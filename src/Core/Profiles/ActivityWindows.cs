namespace Personalization.Core.Profiles;

/// <summary>How often each type of event happened in each <see cref="Window"/>: a sorted list of the panes that are not empty.</summary>
/// <remarks>
/// A pane is one number: window (3 bits), slot of the event type (5 bits), index of the pane since 1970 (32 bits), count (24 bits).
/// Because the index is absolute, panes never move, adding is commutative, and two lists merge by adding equal keys. People are
/// active in few panes, so this is smaller than rings with a place for every pane.
/// </remarks>
internal struct ActivityWindows
{
    private const int CountBits = 24;
    private const int SlotShift = 56;
    private const ulong SlotMask = 31UL << SlotShift;
    private const ulong CountMask = (1UL << CountBits) - 1;

    private ulong[] _panes;
    private int _length;

    /// <summary>Counts one event, in each window that the time of receipt still sees it in.</summary>
    public void Add(int slot, long timestamp, long receivedAt)
    {
        for (var window = 0; window < Window.All.Count; window++)
        {
            var shape = Window.All[window];
            var pane = Pane(timestamp, shape);
            if (pane > Oldest(receivedAt, shape))
            {
                Increment(Key(window, slot, pane), receivedAt);
            }
        }
    }

    /// <summary>Counts the events of one type that a window sees at a time, in milliseconds since the Unix epoch.</summary>
    public readonly long Count(int window, int slot, long now)
    {
        var shape = Window.All[window];
        var index = Find(Key(window, slot, Math.Max(0, Oldest(now, shape) + 1)));
        var end = Key(window, slot, Pane(now, shape)) | CountMask;
        long count = 0;
        while (index < _length && _panes[index] <= end)
        {
            count += (long)(_panes[index++] & CountMask);
        }

        return count;
    }

    /// <summary>Gives the moment after a time, in milliseconds since the Unix epoch, at which a window ceases to see its oldest pane of a type.</summary>
    /// <returns><see cref="long.MaxValue"/> where it sees none.</returns>
    public readonly long NextExpiry(int window, int slot, long now)
    {
        var shape = Window.All[window];
        var index = Find(Key(window, slot, Math.Max(0, Oldest(now, shape) + 1)));
        if (index >= _length || _panes[index] > (Key(window, slot, uint.MaxValue) | CountMask))
        {
            return long.MaxValue;
        }

        var pane = (long)(uint)(_panes[index] >> CountBits);
        return ((pane * shape.PaneSeconds) + shape.Seconds) * 1000;
    }

    /// <summary>Copies the panes that some window still sees at a time, in order.</summary>
    public readonly ulong[] Live(long now)
    {
        var live = new List<ulong>(_length);
        for (var i = 0; i < _length; i++)
        {
            if (IsLive(_panes[i], now))
            {
                live.Add(_panes[i]);
            }
        }

        return [.. live];
    }

    /// <summary>Adds another's panes: equal ones sum.</summary>
    /// <param name="other">The other's windows.</param>
    /// <param name="slots">By slot of the other, the slot here.</param>
    /// <param name="now">The time whose windows are kept, in milliseconds since the Unix epoch.</param>
    public void Merge(ActivityWindows other, ReadOnlySpan<int> slots, long now)
    {
        if (other._length == 0)
        {
            return;
        }

        var theirs = new ulong[other._length];
        for (var i = 0; i < theirs.Length; i++)
        {
            var entry = other._panes[i];
            theirs[i] = (entry & ~SlotMask) | ((ulong)slots[(int)(entry >> SlotShift) & 31] << SlotShift);
        }

        // Slots may stand in another order here, and two types beyond the bound may share one.
        Array.Sort(theirs);
        var merged = new ulong[_length + theirs.Length];
        var (kept, mine, their) = (0, 0, 0);
        while (mine < _length || their < theirs.Length)
        {
            var takeMine = their == theirs.Length || (mine < _length && _panes[mine] <= theirs[their]);
            var entry = takeMine ? _panes[mine++] : theirs[their++];
            if (!IsLive(entry, now))
            {
                continue;
            }

            if (kept > 0 && ((merged[kept - 1] ^ entry) & ~CountMask) == 0)
            {
                var count = Math.Min(CountMask, (merged[kept - 1] & CountMask) + (entry & CountMask));
                merged[kept - 1] = (entry & ~CountMask) | count;
            }
            else
            {
                merged[kept++] = entry;
            }
        }

        Array.Resize(ref merged, Math.Max(8, kept));
        (_panes, _length) = (merged, kept);
    }

    /// <summary>Takes over panes that <see cref="Live"/> gave.</summary>
    public static ActivityWindows Of(ulong[] panes) => new() { _panes = panes, _length = panes.Length };

    private static long Pane(long milliseconds, Window window) => milliseconds / 1000 / window.PaneSeconds;

    // The window (now - length, now] begins inside this pane, which is left out whole: the error is below one pane.
    private static long Oldest(long now, Window window) => ((now / 1000) - window.Seconds) / window.PaneSeconds;

    private static ulong Key(int window, int slot, long pane) =>
        ((ulong)window << 61) | ((ulong)slot << SlotShift) | ((ulong)(uint)pane << CountBits);

    private static bool IsLive(ulong entry, long now)
    {
        var pane = (long)(uint)(entry >> CountBits);
        return pane > Oldest(now, Window.All[(int)(entry >> 61)]);
    }

    private readonly int Find(ulong key)
    {
        var low = 0;
        var high = _length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_panes[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Increment(ulong key, long now)
    {
        var index = Find(key);
        if (index < _length && (_panes[index] & ~CountMask) == key)
        {
            // 16 million events in one pane are no person's: the count stays at its greatest value.
            _panes[index] += (_panes[index] & CountMask) == CountMask ? 0UL : 1UL;
            return;
        }

        if (_panes is null || _length == _panes.Length)
        {
            MakeRoom(now);
            index = Find(key);
        }

        Array.Copy(_panes!, index, _panes!, index + 1, _length - index);
        _panes![index] = key | 1;
        _length++;
    }

    private void MakeRoom(long now)
    {
        _panes ??= [];
        var kept = 0;
        for (var i = 0; i < _length; i++)
        {
            if (IsLive(_panes[i], now))
            {
                _panes[kept++] = _panes[i];
            }
        }

        _length = kept;
        if (kept > _panes.Length * 3 / 4)
        {
            Array.Resize(ref _panes, Math.Max(8, _panes.Length * 3 / 2));
        }
        else if (_panes.Length == 0)
        {
            _panes = new ulong[8];
        }
    }
}
