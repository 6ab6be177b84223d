using System.Collections.Concurrent;

namespace Personalization.Kafka.Durability;

/// <summary>Durable offsets of one process, for tests and for consumers whose effects live no longer than the process either.</summary>
public sealed class InMemoryDurableOffsets : IDurableOffsets
{
    private readonly ConcurrentDictionary<LaneKey, long> _through = new();
    private readonly ConcurrentDictionary<PartitionKey, long> _next = new();
    private readonly ConcurrentDictionary<(string Topic, int Epoch), int> _partitions = new();

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

    /// <inheritdoc/>
    public ValueTask<int> PinPartitionsAsync(string topic, int epoch, int found, CancellationToken cancellation) =>
        new(_partitions.GetOrAdd((topic, epoch), found));

    /// <inheritdoc/>
    public ValueTask<long?> FindAsync(PartitionKey partition, CancellationToken cancellation) =>
        new(_next.TryGetValue(partition, out var next) ? next : null);

    /// <inheritdoc/>
    public ValueTask SaveAsync(PartitionKey partition, long next, CancellationToken cancellation)
    {
        _next.AddOrUpdate(partition, next, (_, before) => Math.Max(before, next));
        return ValueTask.CompletedTask;
    }
}
