using System.Collections.Concurrent;

namespace Personalization.Kafka.Durability;

/// <summary>Durable offsets of one process, for tests and for consumers whose effects live no longer than the process either.</summary>
public sealed class InMemoryDurableOffsets : IDurableOffsets
{
    private readonly ConcurrentDictionary<LaneKey, long> _through = new();

    /// <inheritdoc/>
    public ValueTask ReportAsync(LaneKey lane, long through, CancellationToken cancellation)
    {
        _through.AddOrUpdate(lane, through, (_, before) => Math.Max(before, through));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<long?>> ReadAsync(IReadOnlyList<LaneKey> lanes, CancellationToken cancellation)
    {
        var read = new long?[lanes.Count];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = _through.TryGetValue(lanes[i], out var through) ? through : null;
        }

        return new(read);
    }
}
