namespace Personalization.Core.Profiles;

/// <summary>How strongly a person is drawn to some categories or brands: interest that halves every <see cref="HalfLifeSeconds"/>.</summary>
/// <remarks>Holds the <see cref="Capacity"/> strongest. Exponential decay is memoryless, so each entry needs only its value and the time of that value.</remarks>
internal struct AffinitySet
{
    /// <summary>The most entries: what a person has left behind long ago gives way.</summary>
    public const int Capacity = 16;

    /// <summary>The time after which interest counts half, in seconds: one week.</summary>
    public const double HalfLifeSeconds = 7 * 86_400;

    private Affinity[]? _entries;
    private int _length;

    public readonly ReadOnlySpan<Affinity> Entries => _entries.AsSpan(0, _length);

    /// <summary>Adds interest at a time, in seconds since the Unix epoch; it may be earlier than the last one.</summary>
    public void Add(int symbol, double weight, uint at)
    {
        for (var i = 0; i < _length; i++)
        {
            ref var entry = ref _entries![i];
            if (entry.Symbol == symbol)
            {
                var later = Math.Max(entry.At, at);
                entry = new Affinity(symbol, entry.ValueAt(later) + (weight * Decay(later - at)), later);
                return;
            }
        }

        var added = new Affinity(symbol, weight, at);
        if (_length < Capacity)
        {
            if (_entries is null || _length == _entries.Length)
            {
                Array.Resize(ref _entries, _entries is null or [] ? 2 : Math.Min(Capacity, _entries.Length * 2));
            }

            _entries![_length++] = added;
            return;
        }

        var latest = Math.Max(at, Latest());
        var weakest = 0;
        var least = double.PositiveInfinity;
        for (var i = 0; i < _length; i++)
        {
            var value = _entries![i].ValueAt(latest);
            if (value < least)
            {
                (weakest, least) = (i, value);
            }
        }

        // New interest always gets a place, or none could ever grow; what comes late must be worth it still.
        if (at == latest || added.ValueAt(latest) > least)
        {
            _entries![weakest] = added;
        }
    }

    /// <summary>Adds another's interest: of each symbol both, brought to the later time. What is too much for the capacity, the strongest displace.</summary>
    public void Merge(AffinitySet other)
    {
        if (other._length == 0)
        {
            return;
        }

        var all = new List<Affinity>(_length + other._length);
        all.AddRange(Entries);
        foreach (var theirs in other.Entries)
        {
            var mine = all.FindIndex(0, _length, entry => entry.Symbol == theirs.Symbol);
            if (mine < 0)
            {
                all.Add(theirs);
                continue;
            }

            var later = Math.Max(all[mine].At, theirs.At);
            all[mine] = new Affinity(theirs.Symbol, all[mine].ValueAt(later) + theirs.ValueAt(later), later);
        }

        if (all.Count > Capacity)
        {
            var latest = all.Max(entry => entry.At);
            all = [.. all.OrderByDescending(entry => entry.ValueAt(latest)).Take(Capacity)];
        }

        (_entries, _length) = ([.. all], all.Count);
    }

    /// <summary>Gives a symbol's share of all interest, from 0 to 1.</summary>
    public readonly double Share(int symbol, uint now)
    {
        // All fade alike, so shares are those of the latest moment: decades later the values themselves would be too small for a double.
        var at = Math.Min(now, Latest());
        double all = 0, one = 0;
        foreach (var entry in Entries)
        {
            var value = entry.ValueAt(at);
            all += value;
            one += entry.Symbol == symbol ? value : 0;
        }

        return all > 0 ? one / all : 0;
    }

    /// <summary>Gives how strong interest in a symbol is at a time: a click of this moment is worth 1.</summary>
    public readonly double Value(int symbol, uint now)
    {
        foreach (var entry in Entries)
        {
            if (entry.Symbol == symbol)
            {
                return entry.ValueAt(now);
            }
        }

        return 0;
    }

    /// <summary>Gives the symbol of the strongest interest, or -1 where there is none.</summary>
    public readonly int Strongest(uint now)
    {
        var at = Math.Min(now, Latest());
        var strongest = -1;
        double most = 0;
        foreach (var entry in Entries)
        {
            var value = entry.ValueAt(at);
            if (value > most)
            {
                (strongest, most) = (entry.Symbol, value);
            }
        }

        return strongest;
    }

    public static AffinitySet Of(Affinity[] entries) => new() { _entries = entries, _length = entries.Length };

    private readonly uint Latest()
    {
        uint latest = 0;
        foreach (var entry in Entries)
        {
            latest = Math.Max(latest, entry.At);
        }

        return latest;
    }

    // Most interest is the newest there is, and need not be raised to any power.
    internal static double Decay(double seconds) => seconds <= 0 ? 1 : double.Exp2(-seconds / HalfLifeSeconds);
}
