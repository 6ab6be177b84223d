using System.Collections.Concurrent;
using Personalization.Grains.Counting;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>The people that silos count; the log's events are counted where the log is read, which tests do themselves.</summary>
internal sealed class MemoryCounts : IClusterCounts
{
    private readonly ConcurrentDictionary<string, bool> _people = new(StringComparer.Ordinal);

    public ValueTask AddPersonAsync(string id)
    {
        _people[id] = true;
        return default;
    }

    public ValueTask RemovePersonAsync(string id)
    {
        _people.TryRemove(id, out _);
        return default;
    }

    public ValueTask<ClusterCounts> ReadAsync() => new(new ClusterCounts(0, _people.Count));
}
