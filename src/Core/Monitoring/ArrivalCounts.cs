using Personalization.Core.Events;

namespace Personalization.Core.Monitoring;

/// <summary>Counts arriving events by type until somebody takes the counts. Safe for many threads.</summary>
public sealed class ArrivalCounts
{
    private static readonly IReadOnlyDictionary<string, long> None = new Dictionary<string, long>();

    private readonly Lock _gate = new();
    private Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts events.</summary>
    public void Add(IReadOnlyList<Event> events)
    {
        lock (_gate)
        {
            for (var i = 0; i < events.Count; i++)
            {
                var type = events[i].Type;
                if (_counts.Count >= VolumeMonitor.MostTypes && !_counts.ContainsKey(type))
                {
                    type = VolumeMonitor.OtherTypes;
                }

                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, type, out _)++;
            }
        }
    }

    /// <summary>Gives what was counted since the last time.</summary>
    public IReadOnlyDictionary<string, long> Take()
    {
        lock (_gate)
        {
            if (_counts.Count == 0)
            {
                return None;
            }

            var taken = _counts;
            _counts = new Dictionary<string, long>(StringComparer.Ordinal);
            return taken;
        }
    }

    /// <summary>Takes back what could not be told further.</summary>
    public void Return(IReadOnlyDictionary<string, long> taken)
    {
        lock (_gate)
        {
            foreach (var (type, count) in taken)
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, type, out _) += count;
            }
        }
    }
}
