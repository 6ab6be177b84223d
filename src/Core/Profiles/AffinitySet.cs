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
                var latest = Math.Max(entry.At, at);
                entry = new Affinity(symbol, (float)(entry.ValueAt(latest) + (weight * Decay(latest - at))), latest);
                return;
            }
        }

        var added = new Affinity(symbol, (float)weight, at);
        if (_length < Capacity)
        {
            if (_entries is null || _length == _entries.Length)
            {
                Array.Resize(ref _entries, _entries is null ? 2 : Math.Min(Capacity, _entries.Length * 2));
            }

            _entries![_length++] = added;
            return;
        }

        var weakest = 0;
        for (var i = 1; i < _length; i++)
        {
            if (_entries![i].ValueAt(at) < _entries[weakest].ValueAt(at))
            {
                weakest = i;
            }
        }

        _entries![weakest] = added;
    }

    /// <summary>Gives a symbol's share of all interest, from 0 to 1.</summary>
    public readonly double Share(int symbol, uint now)
    {
        double all = 0, one = 0;
        foreach (var entry in Entries)
        {
            var value = entry.ValueAt(now);
            all += value;
            one += entry.Symbol == symbol ? value : 0;
        }

        return all > 0 ? one / all : 0;
    }

    /// <summary>Gives the symbol of the strongest interest, or -1 where there is none.</summary>
    public readonly int Strongest(uint now)
    {
        var strongest = -1;
        double most = 0;
        foreach (var entry in Entries)
        {
            var value = entry.ValueAt(now);
            if (value > most)
            {
                (strongest, most) = (entry.Symbol, value);
            }
        }

        return strongest;
    }

    public static AffinitySet Of(Affinity[] entries) => new() { _entries = entries, _length = entries.Length };

    internal static double Decay(double seconds) => double.Exp2(-Math.Max(0, seconds) / HalfLifeSeconds);
}
