using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Streaming.Kafka.Records;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>Holds batches until every subscription of their lane has them. Nothing is dropped for age or room.</summary>
/// <remarks>
/// Room is bounded where the records are read (<see cref="KafkaStreamOptions.MaxBufferedBytes"/>), so this never refuses. A cursor
/// starts at the oldest batch that is not delivered, whatever token it is asked for: streams are not rewindable, and a cursor that is
/// made anew after a fault must not skip. All members are called on the turn of one pulling agent.
/// </remarks>
internal sealed class KafkaQueueCache(int lanes) : IQueueCache
{
    private readonly Dictionary<StreamId, Lane> _lanes = [];

    /// <summary>Gets how many batches are held.</summary>
    public int Count => _lanes.Values.Sum(lane => lane.Count);

    /// <summary>Gets or sets what takes batches that turn out to be delivered when the agent shuts down.</summary>
    public Action<LaneBatch> DeliveredLate { get; set; } = _ => { };

    // Never 0: the agent would return before it purges.
    public int GetMaxAddCount() => lanes;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var message in messages)
        {
            LaneOf(message.StreamId).Add((KafkaBatchContainer)message);
        }
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        var purged = new List<IBatchContainer>();
        foreach (var lane in _lanes.Values)
        {
            lane.Purge(lane.Delivered, purged);
        }

        purgedItems = purged;
        return purged.Count > 0;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken token) => new Cursor(LaneOf(streamId));

    // The agent's token is of no use: at registration it names a batch that is only about to be delivered. Cursors know better.
    public void UpdateDeliveryProgress(StreamSequenceToken? earliestSubscriptionToken, DateTime utcNow) => TellDelivered();

    /// <summary>Gives back what was delivered since the last purge, for an agent that shuts down and purges no more.</summary>
    public void TellDelivered()
    {
        if (TryPurgeFromCache(out var purged))
        {
            foreach (var container in purged.Cast<KafkaBatchContainer>())
            {
                DeliveredLate(container.Batch!);
            }
        }
    }

    /// <summary>Finds the batch of a failed delivery.</summary>
    public LaneBatch? Find(StreamId streamId, StreamSequenceToken token) =>
        _lanes.TryGetValue(streamId, out var lane) ? lane.Find(token) : null;

    private Lane LaneOf(StreamId stream)
    {
        if (!_lanes.TryGetValue(stream, out var lane))
        {
            _lanes.Add(stream, lane = new Lane());
        }

        return lane;
    }

    /// <summary>The batches of one lane. Indexes count from the first batch ever added.</summary>
    private sealed class Lane
    {
        private readonly List<Cursor> _cursors = [];
        private readonly LinkedList<Held> _held = [];
        private long _end;
        private long _delivered;

        public int Count => _held.Count;

        /// <summary>Gets the index below which every subscription has every batch. Without a subscription nothing moves.</summary>
        public long Delivered => _cursors.Count == 0 ? _delivered : Math.Max(_delivered, _cursors.Min(cursor => cursor.Passed));

        public void Add(KafkaBatchContainer container) => _held.AddLast(new Held(_end++, container));

        public long Open(Cursor cursor)
        {
            _cursors.Add(cursor);
            return Math.Max(_delivered, _held.First?.Value.Index ?? _end);
        }

        public void Close(Cursor cursor)
        {
            _delivered = Delivered;
            _cursors.Remove(cursor);
        }

        public LinkedListNode<Held>? At(long index)
        {
            var node = _held.First;
            while (node is not null && node.Value.Index < index)
            {
                node = node.Next;
            }

            return node;
        }

        public LaneBatch? Find(StreamSequenceToken token) =>
            _held.FirstOrDefault(held => held.Container.SequenceToken.Equals(token))?.Container.Batch;

        public void Purge(long before, List<IBatchContainer> purged)
        {
            _delivered = Math.Max(_delivered, before);
            while (_held.First is { } first && first.Value.Index < before)
            {
                // What failed is the failure handler's: it is finished when it lies in the dead-letter topic, not before.
                if (!first.Value.Failed)
                {
                    purged.Add(first.Value.Container);
                }

                _held.RemoveFirst();
            }
        }
    }

    private sealed class Held(long index, KafkaBatchContainer container)
    {
        public long Index => index;

        public KafkaBatchContainer Container => container;

        public bool Failed { get; set; }
    }

    private sealed class Cursor : IQueueCacheCursor
    {
        private readonly Lane _lane;
        private LinkedListNode<Held>? _current;
        private long _position;
        private bool _closed;

        public Cursor(Lane lane)
        {
            _lane = lane;
            _position = Passed = lane.Open(this);
        }

        /// <summary>Gets the index below which batches were handed out and done with.</summary>
        public long Passed { get; private set; }

        public IBatchContainer GetCurrent(out Exception exception)
        {
            exception = null!;
            return _current?.Value.Container!;
        }

        public bool MoveNext()
        {
            // The agent comes back for more only after the delivery before, or its failure, is over.
            Passed = _position;
            _current = _current?.List is null ? _lane.At(_position) : _current.Next;
            if (_current is null)
            {
                return false;
            }

            _position = _current.Value.Index + 1;
            return true;
        }

        public void Refresh(StreamSequenceToken token)
        {
        }

        public void RecordDeliveryFailure()
        {
            if (_current is not null)
            {
                _current.Value.Failed = true;
            }
        }

        public void Dispose()
        {
            if (!_closed)
            {
                _closed = true;
                _lane.Close(this);
            }
        }
    }
}
