namespace Personalization.Node.Kafka;

/// <summary>How far each partition is folded, and who waits for it. Thread-safe.</summary>
internal sealed class FoldedOffsets
{
    // Whoever sent an event asks within seconds whether it was known before.
    private const int MostRepeated = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Partition> _partitions = [];
    private readonly HashSet<(int Partition, long Offset)> _repeated = [];
    private readonly Queue<(int Partition, long Offset)> _oldest = [];

    /// <summary>Gets the offset below which a partition is folded; null where nothing is known of it.</summary>
    public long? Next(int partition)
    {
        lock (_gate)
        {
            return _partitions.TryGetValue(partition, out var known) ? known.Next : null;
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

    /// <summary>Notes that a partition is folded below an offset, and which of its events were known before. It never goes back.</summary>
    public void Advance(int partition, long next, IReadOnlyCollection<long> repeated)
    {
        lock (_gate)
        {
            foreach (var offset in repeated)
            {
                _repeated.Add((partition, offset));
                _oldest.Enqueue((partition, offset));
                if (_oldest.Count > MostRepeated)
                {
                    _repeated.Remove(_oldest.Dequeue());
                }
            }

            var known = Of(partition);
            known.Next = Math.Max(known.Next, next);
            while (known.Waiting.TryPeek(out var waiting, out var wanted) && wanted <= known.Next)
            {
                known.Waiting.Dequeue();
                waiting.TrySetResult();
            }
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

    /// <summary>Gets whether an event that was folded lately was known before.</summary>
    public bool IsRepeated(int partition, long offset)
    {
        lock (_gate)
        {
            return _repeated.Contains((partition, offset));
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

    private sealed class Partition
    {
        public long Next { get; set; } = -1;

        public PriorityQueue<TaskCompletionSource, long> Waiting { get; } = new();
    }
}
