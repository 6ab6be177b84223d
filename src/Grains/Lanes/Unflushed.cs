using System.Collections.Concurrent;
using Personalization.Grains.Profiles;

namespace Personalization.Grains.Lanes;

/// <summary>What a lane brought to one profile since the profile was stored last, to be brought again to an activation that lacks it.</summary>
/// <remarks>One task adds to a source at a time; sources are added to side by side.</remarks>
internal sealed class Unflushed
{
    /// <summary>Gets, by source, the events brought: the person's own id, or a device of theirs that lies in the same lane.</summary>
    public ConcurrentDictionary<string, List<LaneEvent>> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the devices whose parcels were brought to it, and when they were joined.</summary>
    public ConcurrentDictionary<string, long> Joined { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets the position of the last event of the person's own that was folded, and not said to be another's.</summary>
    public long Folded { get; set; }

    /// <summary>Gets whether there is nothing.</summary>
    public bool IsEmpty => Events.IsEmpty && Joined.IsEmpty;

    public List<LaneEvent> From(string source) => Events.GetOrAdd(source, _ => []);

    public FlushGoal GoalFor(string person, IReadOnlyDictionary<string, int> counts)
    {
        var guests = counts.Where(source => source.Key != person && source.Value > 0).ToArray();
        var own = counts.GetValueOrDefault(person);
        return new FlushGoal(
            own == 0 ? 0 : Events[person][own - 1].Position,
            Folded,
            [.. guests.Select(source => source.Key)],
            [.. guests.Select(source => Events[source.Key][source.Value - 1].Position)],
            [.. Joined.Keys]);
    }

    /// <summary>Forgets what is stored now; what came meanwhile waits for the next flush.</summary>
    public void Remove(IReadOnlyDictionary<string, int> counts)
    {
        foreach (var (source, count) in counts)
        {
            var events = Events[source];
            events.RemoveRange(0, count);
            if (events.Count == 0)
            {
                Events.TryRemove(source, out _);
            }
        }
    }
}
