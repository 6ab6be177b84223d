using System.Buffers;

namespace Personalization.Core.Profiles;

/// <summary>Revenue in the windows of a day and of 30 days: a sorted list of the panes in which something was bought.</summary>
/// <remarks>At most 24 + 30 panes and one more of each. Amounts are whole ten-thousandths of the shop's currency.</remarks>
internal struct RevenuePanes
{
    private const int WindowBit = 31;

    private (uint Key, long Amount)[]? _panes;
    private int _length;

    /// <summary>Gets the places in <see cref="Window.All"/> of the windows that revenue is summed in: a day and 30 days.</summary>
    public static readonly IReadOnlyList<int> Windows = [Window.IndexOf("1d"), Window.IndexOf("30d")];

    /// <summary>Adds an amount at a time, both in milliseconds since the Unix epoch, in each window that still sees it.</summary>
    public void Add(long timestamp, long amount, long receivedAt)
    {
        for (var i = 0; i < Windows.Count; i++)
        {
            var shape = Window.All[Windows[i]];
            var pane = timestamp / 1000 / shape.PaneSeconds;
            if (pane > Oldest(receivedAt, shape))
            {
                Add(Key(i, pane), amount, receivedAt);
            }
        }
    }

    /// <summary>Sums what a window sees at a time; 0 for a window that revenue is not summed in.</summary>
    public readonly long Sum(int window, long now)
    {
        var shape = Window.All[window];
        var first = Key(window == Windows[0] ? 0 : 1, Math.Max(0, Oldest(now, shape) + 1));
        var last = Key(window == Windows[0] ? 0 : 1, now / 1000 / shape.PaneSeconds);
        long sum = 0;
        foreach (var (key, amount) in _panes.AsSpan(0, _length))
        {
            sum += key >= first && key <= last ? amount : 0;
        }

        return sum;
    }

    /// <summary>Adds another person's.</summary>
    public void Merge(in RevenuePanes other, long receivedAt)
    {
        foreach (var (key, amount) in other._panes.AsSpan(0, other._length))
        {
            if (IsLive(key, receivedAt))
            {
                Add(key, amount, receivedAt);
            }
        }
    }

    public readonly void Write(IBufferWriter<byte> output, long receivedAt)
    {
        var live = 0;
        foreach (var (key, _) in _panes.AsSpan(0, _length))
        {
            live += IsLive(key, receivedAt) ? 1 : 0;
        }

        output.WriteNumber(live);
        foreach (var (key, amount) in _panes.AsSpan(0, _length))
        {
            if (IsLive(key, receivedAt))
            {
                output.WriteNumber(key);
                output.WriteNumber(amount);
            }
        }
    }

    public static RevenuePanes Read(ref BytesReader reader)
    {
        var panes = new (uint, long)[reader.ReadCount()];
        for (var i = 0; i < panes.Length; i++)
        {
            panes[i] = (reader.ReadUInt32(), reader.ReadNumber());
        }

        return new RevenuePanes { _panes = panes, _length = panes.Length };
    }

    private static uint Key(int window, long pane) => ((uint)window << WindowBit) | (uint)pane;

    private static long Oldest(long now, Window window) => ((now / 1000) - window.Seconds) / window.PaneSeconds;

    private static bool IsLive(uint key, long now) =>
        (key & ~(1u << WindowBit)) > Oldest(now, Window.All[Windows[(int)(key >> WindowBit)]]);

    private void Add(uint key, long amount, long now)
    {
        var index = 0;
        while (index < _length && _panes![index].Key < key)
        {
            index++;
        }

        if (index < _length && _panes![index].Key == key)
        {
            _panes[index].Amount = Math.Min(_panes[index].Amount + amount, Commerce.MostAmount);
            return;
        }

        if (_panes is null || _length == _panes.Length)
        {
            MakeRoom(now);
            index = 0;
            while (index < _length && _panes![index].Key < key)
            {
                index++;
            }
        }

        Array.Copy(_panes!, index, _panes!, index + 1, _length - index);
        _panes![index] = (key, amount);
        _length++;
    }

    private void MakeRoom(long now)
    {
        var kept = 0;
        for (var i = 0; i < _length; i++)
        {
            if (IsLive(_panes![i].Key, now))
            {
                _panes[kept++] = _panes[i];
            }
        }

        _length = kept;
        if (_panes is null || kept == _panes.Length)
        {
            Array.Resize(ref _panes, kept == 0 ? 2 : kept * 2);
        }
    }
}
