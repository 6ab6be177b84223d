namespace Personalization.Api.Metrics;

/// <summary>Finds the series of a set of tags. Reads take no lock and make no strings; what was found once is found again by hash.</summary>
/// <remarks>
/// The same tags in another order are the same series. So are tags that differ and read the same, as 1 and "1" do: they get entries of
/// their own, which count against the bound, and share the series, because a series told twice makes a scraper refuse the whole answer.
/// </remarks>
internal sealed class SeriesTable(int mostEntries, Func<string, MetricSeries> create)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private Entry?[] _table = new Entry?[8];
    private MetricSeries[] _all = [];
    private int _entries;

    /// <summary>Gets every series, in the order they came up.</summary>
    public MetricSeries[] All => Volatile.Read(ref _all);

    /// <summary>Finds the series or makes it; null where there are too many already.</summary>
    public MetricSeries? Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = Hash(tags);
        return Find(hash, tags) ?? Add(hash, tags);
    }

    private MetricSeries? Find(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var table = Volatile.Read(ref _table);
        for (var entry = Volatile.Read(ref table[hash & (table.Length - 1)]); entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && Same(entry.Tags, tags))
            {
                return entry.Series;
            }
        }

        return null;
    }

    private MetricSeries? Add(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // A reader may see the count late; then it only learns the same under the lock.
        if (Volatile.Read(ref _entries) >= mostEntries)
        {
            return null;
        }

        lock (_gate)
        {
            if (Find(hash, tags) is { } known)
            {
                return known;
            }

            if (_entries >= mostEntries)
            {
                return null;
            }

            var labels = PrometheusText.Labels(tags);
            if (!_series.TryGetValue(labels, out var series))
            {
                _series[labels] = series = create(labels);
                Volatile.Write(ref _all, [.. _all, series]);
            }

            if (_entries == _table.Length)
            {
                Grow();
            }

            Link(_table, hash, tags.ToArray(), series);
            Volatile.Write(ref _entries, _entries + 1);
            return series;
        }
    }

    // Entries never change, so whoever still reads the old table reads it to its end.
    private void Grow()
    {
        var larger = new Entry?[_table.Length * 2];
        foreach (var first in _table)
        {
            for (var entry = first; entry is not null; entry = entry.Next)
            {
                Link(larger, entry.Hash, entry.Tags, entry.Series);
            }
        }

        Volatile.Write(ref _table, larger);
    }

    private static void Link(Entry?[] table, int hash, KeyValuePair<string, object?>[] tags, MetricSeries series)
    {
        ref var slot = ref table[hash & (table.Length - 1)];
        Volatile.Write(ref slot, new Entry(hash, tags, series, slot));
    }

    // A sum, so that the order does not matter. Keys tell little apart within one instrument; their lengths do.
    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (var (key, value) in tags)
        {
            hash += (value?.GetHashCode() ?? 0) ^ (key.Length * 0x2545F491);
        }

        return hash ^ (hash >>> 15);
    }

    private static bool Same(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (!Same(known[i], tags[i]))
            {
                return SameInAnyOrder(known, tags);
            }
        }

        return true;
    }

    private static bool SameInAnyOrder(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (Times(known, tag) != Times(tags, tag))
            {
                return false;
            }
        }

        return true;
    }

    private static int Times(ReadOnlySpan<KeyValuePair<string, object?>> tags, KeyValuePair<string, object?> wanted)
    {
        var times = 0;
        foreach (var tag in tags)
        {
            times += Same(tag, wanted) ? 1 : 0;
        }

        return times;
    }

    private static bool Same(KeyValuePair<string, object?> one, KeyValuePair<string, object?> other) =>
        string.Equals(one.Key, other.Key, StringComparison.Ordinal) && Equals(one.Value, other.Value);

    private sealed class Entry(int hash, KeyValuePair<string, object?>[] tags, MetricSeries series, Entry? next)
    {
        public int Hash { get; } = hash;

        public KeyValuePair<string, object?>[] Tags { get; } = tags;

        public MetricSeries Series { get; } = series;

        public Entry? Next { get; } = next;
    }
}
