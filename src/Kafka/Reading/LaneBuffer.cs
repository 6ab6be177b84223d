using Personalization.Kafka.Records;

namespace Personalization.Kafka.Reading;

/// <summary>Records that were read and not yet taken, lane by lane. Not thread-safe.</summary>
internal sealed class LaneBuffer(int partition, int lanes, int maxRecords, int maxBytes)
{
    private readonly Queue<KafkaRecord>[] _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Queue<KafkaRecord>())];
    private int _first;
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Add(int lane, KafkaRecord record)
    {
        _lanes[lane].Enqueue(record);
        _count++;
    }

    /// <summary>Takes at most one batch of each lane, and begins at another lane each time where not all may come.</summary>
    public List<LaneBatch> Take(int maxBatches)
    {
        var batches = new List<LaneBatch>(Math.Min(maxBatches, _lanes.Length));
        for (var i = 0; i < _lanes.Length && batches.Count < maxBatches; i++)
        {
            var lane = (_first + i) % _lanes.Length;
            if (_lanes[lane].Count > 0)
            {
                batches.Add(new LaneBatch(partition, lane, TakeOf(_lanes[lane])));
            }
        }

        _first = (_first + 1) % _lanes.Length;
        return batches;
    }

    private KafkaRecord[] TakeOf(Queue<KafkaRecord> lane)
    {
        var taken = new List<KafkaRecord>();
        var bytes = 0;
        while (lane.Count > 0 && taken.Count < maxRecords)
        {
            bytes += lane.Peek().Weight;
            if (bytes > maxBytes && taken.Count > 0)
            {
                break;
            }

            taken.Add(lane.Dequeue());
            _count--;
        }

        return [.. taken];
    }
}
