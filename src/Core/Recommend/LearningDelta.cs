using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Recommend;

/// <summary>What the recommenders learned from some events, ready to be merged. Merging is commutative, so every node may gather its own.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class LearningDelta
{
    // A commit group holds some thousand events; what history is loaded in needs more for a while only.
    private const int MostSpare = 4096;

    private readonly Dictionary<int, ItemDelta> _items = [];
    private readonly Stack<ItemDelta> _spare = [];

    internal IReadOnlyDictionary<int, ItemDelta> Items => _items;

    /// <summary>Gets whether nothing was learned.</summary>
    public bool IsEmpty => _items.Count == 0;

    /// <summary>Learns from a folded event, if the person lets it teach.</summary>
    public void Learn(Event source, FoldOutcome outcome)
    {
        if (!outcome.Applied || outcome.Item < 0 || !source.Consent.Allows(Purposes.Training))
        {
            return;
        }

        var at = source.Timestamp / 1000;
        var interest = new DecayedSum(EventTypes.InterestWeight(source.Type), at);
        var item = Of(outcome.Item);
        item.Popularity = item.Popularity.Plus(interest, HalfLives.Popularity);
        item.Trend = item.Trend.Plus(interest, HalfLives.Trend);
        if (outcome.Previous >= 0 && (outcome.Previous != outcome.Item || source.Type is EventTypes.View or EventTypes.Click))
        {
            // One who puts the item they look at into the cart went nowhere; one who opens it again came back to it.
            var next = Of(outcome.Previous).Next;
            next[outcome.Item] = next.GetValueOrDefault(outcome.Item).Plus(new DecayedSum(1, at), HalfLives.Transitions);
        }
    }

    /// <summary>Forgets everything, to gather anew. Keeps the memory, because the next group is much like this one.</summary>
    public void Clear()
    {
        foreach (var delta in _items.Values)
        {
            delta.Clear();
            if (_spare.Count < MostSpare)
            {
                _spare.Push(delta);
            }
        }

        _items.Clear();
    }

    private ItemDelta Of(int item)
    {
        if (!_items.TryGetValue(item, out var delta))
        {
            _items[item] = delta = _spare.TryPop(out var spare) ? spare : new ItemDelta();
        }

        return delta;
    }
}
