using Personalization.Core.Catalog;

namespace Personalization.Core.Recommend;

/// <summary>Everything the recommenders learned from the stream: statistics of every item, and the rankings made of them.</summary>
/// <remarks>One writer (<see cref="Merge"/>, <see cref="Refresh"/>, <see cref="Restore"/>); any number of readers.</remarks>
public sealed class ItemKnowledge
{
    /// <summary>How many items a ranking keeps.</summary>
    public const int RankingLength = 1000;

    private readonly Vocabulary _words;
    private volatile ItemStatistics?[] _items = new ItemStatistics?[1024];
    private volatile Ranking _popular = Ranking.Empty;
    private volatile Ranking _trending = Ranking.Empty;
    private ItemCatalog? _rankedFor;
    private int[]? _shelf;
    private bool _stale;

    /// <summary>Makes the knowledge of one who has seen nothing.</summary>
    public ItemKnowledge(Vocabulary words) => _words = words;

    /// <summary>
    /// Gets the items people took most interest in, with a half-life of two weeks; the score is the share of all interest. Available items
    /// that nobody looked at follow with score 0, by id, so that a new shop has something to show.
    /// </summary>
    public Ranking Popular => _popular;

    /// <summary>
    /// Gets the items whose interest of the last hours exceeds what their popularity leads one to expect; the score is that excess in
    /// standard deviations of a Poisson count, (recent - expected) / sqrt(expected + 1).
    /// </summary>
    public Ranking Trending => _trending;

    /// <summary>Gives an item's likeliest successors, likeliest first.</summary>
    public ReadOnlySpan<Successor> Successors(int item)
    {
        var items = _items;
        return item >= 0 && item < items.Length && items[item] is { } statistics ? statistics.Successors(_words) : [];
    }

    /// <summary>Finds what is known of an item, or null.</summary>
    public ItemStatistics? Find(int item) => item >= 0 && item < _items.Length ? _items[item] : null;

    /// <summary>Takes in what was learned.</summary>
    /// <param name="delta">What was learned.</param>
    /// <param name="changing">Called with each item's statistics before they change, for a host that keeps an older state.</param>
    public void Merge(LearningDelta delta, Action<ItemStatistics>? changing = null)
    {
        foreach (var (item, itemDelta) in delta.Items)
        {
            var statistics = Find(item) ?? Put(new ItemStatistics(item));
            changing?.Invoke(statistics);
            statistics.Merge(itemDelta);
        }

        _stale |= !delta.IsEmpty;
    }

    /// <summary>Takes over statistics that were stored.</summary>
    public void Restore(ItemStatistics statistics)
    {
        Put(statistics);
        _stale = true;
    }

    /// <summary>Ranks anew, if anything was learned since the last time. Hosts call it a few times a second.</summary>
    /// <remarks>
    /// Every sum is brought to the latest time learned of, not to the clock: history is ranked as of its own end. Only items of the
    /// catalog take part, so that items no longer sold don't crowd out the others.
    /// </remarks>
    public bool Refresh(ItemCatalog catalog)
    {
        if (!_stale && ReferenceEquals(catalog, _rankedFor))
        {
            return false;
        }

        if (!ReferenceEquals(catalog, _rankedFor))
        {
            _shelf = null;
        }

        _stale = false;
        _rankedFor = catalog;
        var known = new List<ItemStatistics>();
        long now = 0;
        foreach (var statistics in _items)
        {
            if (statistics is not null && catalog.Find(statistics.Item) is not null)
            {
                known.Add(statistics);
                now = Math.Max(now, statistics.Trend.At);
            }
        }

        var all = Math.Max(double.Epsilon, known.Sum(item => item.Popularity.ValueAt(now, HalfLives.Popularity)));
        var popular = Rank(known, item => item.Popularity.ValueAt(now, HalfLives.Popularity) / all);
        _popular = new Ranking([.. popular, .. Unlearned(popular, catalog)]);
        _trending = new Ranking([.. Rank(known, item => Excess(item, now))]);
        return true;
    }

    private IEnumerable<RankedItem> Unlearned(List<RankedItem> learned, ItemCatalog catalog)
    {
        if (learned.Count == RankingLength)
        {
            return [];
        }

        // At most learned.Count of the first RankingLength items were learned, so enough of them are left.
        _shelf ??= [.. catalog.Items
            .Where(item => item.IsAvailable)
            .Select(item => item.Id)
            .Order(StringComparer.Ordinal)
            .Take(RankingLength)
            .Select(_words.Find)];
        var known = learned.Select(item => item.Item).ToHashSet();
        return _shelf.Where(item => !known.Contains(item)).Select(item => new RankedItem(item, 0)).Take(RankingLength - learned.Count);
    }

    private static double Excess(ItemStatistics item, long now)
    {
        // A steady rate r gives sums r * halfLife / ln 2, so the expected short sum is the long one scaled by the half-lives.
        var expected = item.Popularity.ValueAt(now, HalfLives.Popularity) * (HalfLives.Trend / HalfLives.Popularity);
        return (item.Trend.ValueAt(now, HalfLives.Trend) - expected) / Math.Sqrt(expected + 1);
    }

    private List<RankedItem> Rank(List<ItemStatistics> known, Func<ItemStatistics, double> score)
    {
        // Hosts rank a few times a second on the thread that commits, so a large catalog is not sorted for its first thousand: the
        // weakest of those kept so far stands at the head of the queue, and most items only have to be compared with it.
        var bestFirst = Comparer<RankedItem>.Create((left, right) => left.Score != right.Score
            ? right.Score.CompareTo(left.Score)
            : string.CompareOrdinal(_words[left.Item], _words[right.Item]));
        var weakestFirst = new PriorityQueue<RankedItem, RankedItem>(Comparer<RankedItem>.Create((left, right) => bestFirst.Compare(right, left)));
        foreach (var statistics in known)
        {
            var item = new RankedItem(statistics.Item, score(statistics));
            if (!(item.Score > 0))
            {
                continue;
            }

            if (weakestFirst.Count < RankingLength)
            {
                weakestFirst.Enqueue(item, item);
            }
            else
            {
                weakestFirst.EnqueueDequeue(item, item);
            }
        }

        var ranked = weakestFirst.UnorderedItems.Select(entry => entry.Element).ToList();
        ranked.Sort(bestFirst);
        return ranked;
    }

    private ItemStatistics Put(ItemStatistics statistics)
    {
        var items = _items;
        if (statistics.Item >= items.Length)
        {
            var larger = new ItemStatistics?[Math.Max(statistics.Item + 1, items.Length * 2)];
            items.CopyTo(larger, 0);
            _items = items = larger;
        }

        return items[statistics.Item] = statistics;
    }
}
