namespace Personalization.Node.Kafka;

/// <summary>How far each partition is folded, what became of the newest events, and who waits for them. Thread-safe.</summary>
internal sealed class FoldedOffsets
{
    // Whoever sent an event asks within seconds what became of it.
    private const int MostBatches = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Partition> _partitions = [];

    /// <summary>Gets the offset below which a partition is folded; null where nothing is known of it.</summary>
    public long? Next(int partition)
    {
        lock (_gate)
        {
            return _partitions.TryGetValue(partition, out var known) && known.Next >= 0 ? known.Next : null;
        }
    }

    /// <summary>Gets all partitions with the offset below which they are folded.</summary>
    public IReadOnlyList<KeyValuePair<int, long>> All()
    {
        lock (_gate)
        {
            return [.. _partitions.Where(entry => entry.Value.Next >= 0).Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Next))];
        }
    }

    /// <summary>Notes that a partition is folded below an offset. It never goes back.</summary>
    public void Advance(int partition, long next)
    {
        lock (_gate)
        {
            Advance(Of(partition), next);
        }
    }

    /// <summary>Notes that a batch of a partition is folded.</summary>
    public void Advance(int partition, Batch batch)
    {
        lock (_gate)
        {
            var known = Of(partition);
            known.Newest.AddLast(batch);
            if (known.Newest.Count > MostBatches)
            {
                known.Newest.RemoveFirst();
            }

            Advance(known, batch.Offsets[^1] + 1);
        }
    }

    /// <summary>Waits until a partition is folded below an offset.</summary>
    public Task UntilAsync(int partition, long next)
    {
        lock (_gate)
        {
            var known = Of(partition);
            if (known.Next >= next)
            {
                return Task.CompletedTask;
            }

            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            known.Waiting.Enqueue(waiting, next);
            return waiting.Task;
        }
    }

    /// <summary>Finds which position an event was folded at, and whether it was known before; null where it is too long ago.</summary>
    public (long Position, bool IsRepeated)? Find(int partition, long offset)
    {
        lock (_gate)
        {
            for (var node = Of(partition).Newest.Last; node is not null; node = node.Previous)
            {
                if (Array.BinarySearch(node.Value.Offsets, offset) is >= 0 and var place)
                {
                    return (node.Value.First + place, node.Value.Repeated.Contains(place));
                }
            }
        }

        return null;
    }

    private static void Advance(Partition known, long next)
    {
        known.Next = Math.Max(known.Next, next);
        while (known.Waiting.TryPeek(out var waiting, out var wanted) && wanted <= known.Next)
        {
            known.Waiting.Dequeue();
            waiting.TrySetResult();
        }
    }

    private Partition Of(int partition)
    {
        if (!_partitions.TryGetValue(partition, out var known))
        {
            _partitions.Add(partition, known = new Partition());
        }

        return known;
    }

    /// <summary>Events that were folded together.</summary>
    /// <param name="Offsets">Their offsets, rising.</param>
    /// <param name="First">The position of the first; the others follow it.</param>
    /// <param name="Repeated">The places of those that were known before.</param>
    internal sealed record Batch(long[] Offsets, long First, List<int> Repeated);

    private sealed class Partition
    {
        public long Next { get; set; } = -1;

        public LinkedList<Batch> Newest { get; } = [];

        public PriorityQueue<TaskCompletionSource, long> Waiting { get; } = new();
    }
}
