using Personalization.Core.Catalog;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;

namespace Personalization.Core.Decisions;

/// <summary>Chooses items for one person: each strategy in turn fills the places that are left.</summary>
internal readonly ref struct Recommender(DecisionPlan plan, ItemKnowledge knowledge, DecisionContext context)
{
    /// <summary>What the item before the last one adds to a successor's score. Chosen on real shop clicks, where order matters most.</summary>
    private const double PreviousItemWeight = 0.1;

    /// <summary>Chooses at most <paramref name="limit"/> items.</summary>
    /// <param name="spec">What to recommend.</param>
    /// <param name="candidates">The only items to choose from, or null for the whole catalog.</param>
    /// <param name="limit">The most items.</param>
    public DecidedItem[] Choose(Recommendation spec, IReadOnlyList<string>? candidates, int limit)
    {
        var chosen = new Selection(this, spec, candidates, stackalloc int[limit], new DecidedItem[limit]);
        foreach (var strategy in spec.Strategies)
        {
            if (chosen.IsFull)
            {
                break;
            }

            switch (strategy)
            {
                case RecommendStrategy.Next:
                    AddNext(ref chosen);
                    break;
                case RecommendStrategy.Trending:
                    AddRanked(ref chosen, knowledge.Trending, strategy);
                    break;
                default:
                    AddRanked(ref chosen, knowledge.Popular, strategy);
                    break;
            }
        }

        if (candidates is not null)
        {
            // What no strategy placed keeps the caller's order.
            foreach (var id in candidates)
            {
                chosen.TryAdd(context.Words.Find(id), 0, RecommendStrategy.Candidate, null);
            }
        }

        return chosen.ToArray();
    }

    private static void AddRanked(ref Selection chosen, Ranking ranking, RecommendStrategy strategy)
    {
        foreach (var ranked in ranking.Items)
        {
            if (chosen.IsFull)
            {
                return;
            }

            chosen.TryAdd(ranked.Item, ranked.Score, strategy, null);
        }
    }

    private void AddNext(ref Selection chosen)
    {
        var recent = context.Profile.RecentItems;
        if (recent.IsEmpty)
        {
            return;
        }

        var last = plan.Catalog.Find(recent[0].Item);
        var successors = knowledge.Successors(recent[0].Item);
        var before = recent.Length > 1 ? plan.Catalog.Find(recent[1].Item) : null;
        var earlier = recent.Length > 1 ? knowledge.Successors(recent[1].Item) : [];
        if (earlier.IsEmpty)
        {
            foreach (var successor in successors)
            {
                chosen.TryAdd(successor.Item, successor.Probability, RecommendStrategy.Next, last);
            }

            return;
        }

        // Both lists come best first. What the earlier item adds moves a few of the first list up; what only the earlier item proposes
        // stays a list of its own, and the two are merged as far as places are left.
        Span<int> items = stackalloc int[ItemStatistics.TopSuccessors];
        Span<RankedItem> scored = stackalloc RankedItem[ItemStatistics.TopSuccessors];
        Span<RankedItem> others = stackalloc RankedItem[ItemStatistics.TopSuccessors];
        var length = 0;
        foreach (var successor in successors)
        {
            items[length] = successor.Item;
            scored[length++] = new RankedItem(successor.Item, successor.Probability);
        }

        items = items[..length];
        scored = scored[..length];
        length = 0;
        foreach (var successor in earlier)
        {
            var place = items.IndexOf(successor.Item);
            var added = PreviousItemWeight * successor.Probability;
            if (place < 0)
            {
                others[length++] = new RankedItem(successor.Item, added);
                continue;
            }

            var raised = scored[place] with { Score = scored[place].Score + added };
            for (; place > 0 && IsBetter(raised, scored[place - 1]); place--)
            {
                (items[place], scored[place]) = (items[place - 1], scored[place - 1]);
            }

            (items[place], scored[place]) = (raised.Item, raised);
        }

        others = others[..length];
        while (!chosen.IsFull && scored.Length + others.Length > 0)
        {
            if (others.IsEmpty || (!scored.IsEmpty && IsBetter(scored[0], others[0])))
            {
                chosen.TryAdd(scored[0].Item, scored[0].Score, RecommendStrategy.Next, last);
                scored = scored[1..];
            }
            else
            {
                chosen.TryAdd(others[0].Item, others[0].Score, RecommendStrategy.Next, before);
                others = others[1..];
            }
        }
    }

    private bool IsBetter(RankedItem left, RankedItem right) => left.Score != right.Score
        ? left.Score > right.Score
        : string.CompareOrdinal(Words[left.Item], Words[right.Item]) < 0;

    /// <summary>The items chosen so far, each once, each allowed.</summary>
    private ref struct Selection(Recommender recommender, Recommendation spec, IReadOnlyList<string>? candidates, Span<int> numbers, DecidedItem[] items)
    {
        private readonly Recommender _recommender = recommender;
        private readonly HashSet<int>? _candidates = Numbers(candidates, recommender);
        private readonly Span<int> _numbers = numbers;
        private int _length;

        public readonly bool IsFull => _length == items.Length;

        public void TryAdd(int number, double score, RecommendStrategy strategy, Item? because)
        {
            if (IsFull
                || _recommender.Catalog.Find(number) is not { IsAvailable: true } item
                || _numbers[.._length].Contains(number)
                || (_candidates is not null && !_candidates.Contains(number))
                || (spec.ExcludeSeen && _recommender.HasSeen(number))
                || (spec.Filter is not null && !spec.Filter.Matches(item)))
            {
                return;
            }

            _numbers[_length] = number;
            items[_length++] = new DecidedItem(item, score, strategy, because);
        }

        public readonly DecidedItem[] ToArray() => IsFull ? items : items.AsSpan(0, _length).ToArray();

        private static HashSet<int>? Numbers(IReadOnlyList<string>? candidates, Recommender recommender)
        {
            if (candidates is null)
            {
                return null;
            }

            var numbers = new HashSet<int>(candidates.Count);
            foreach (var id in candidates)
            {
                numbers.Add(recommender.Words.Find(id));
            }

            return numbers;
        }
    }

    private ItemCatalog Catalog => plan.Catalog;

    private Vocabulary Words => context.Words;

    private bool HasSeen(int item)
    {
        foreach (var recent in context.Profile.RecentItems)
        {
            if (recent.Item == item)
            {
                return true;
            }
        }

        return false;
    }
}
