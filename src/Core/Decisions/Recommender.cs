using System.Runtime.InteropServices;
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

        Span<int> items = stackalloc int[2 * ItemStatistics.TopSuccessors];
        Span<RankedItem> scored = stackalloc RankedItem[2 * ItemStatistics.TopSuccessors];
        var length = 0;
        foreach (var successor in successors)
        {
            items[length] = successor.Item;
            scored[length++] = new RankedItem(successor.Item, successor.Probability);
        }

        foreach (var successor in earlier)
        {
            var place = items[..length].IndexOf(successor.Item);
            var added = PreviousItemWeight * successor.Probability;
            if (place >= 0)
            {
                scored[place] = scored[place] with { Score = scored[place].Score + added };
            }
            else
            {
                items[length] = successor.Item;
                scored[length++] = new RankedItem(successor.Item, added);
            }
        }

        scored[..length].Sort(new BestFirst(context.Words));
        foreach (var ranked in scored[..length])
        {
            var because = items[..successors.Length].Contains(ranked.Item) ? last : before;
            chosen.TryAdd(ranked.Item, ranked.Score, RecommendStrategy.Next, because);
        }
    }

    private readonly struct BestFirst(Vocabulary words) : IComparer<RankedItem>
    {
        public int Compare(RankedItem left, RankedItem right) => left.Score != right.Score
            ? right.Score.CompareTo(left.Score)
            : string.CompareOrdinal(words[left.Item], words[right.Item]);
    }

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
