using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Kafka;
using Personalization.Kafka.Records;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>
/// Holds batches until every subscription of their lane has them and they are durable. Nothing is dropped for age or room.
/// </summary>
/// <remarks>
/// <para>Room is bounded where the records are read (<see cref="KafkaStreamOptions.MaxBufferedBytes"/>), so this never refuses.</para>
/// <para>Batches stay after their delivery because the consumer may lose them: a grain that is activated anew names what it has
/// stored, and is delivered the rest again (<see cref="LaneStreamId.After"/>).</para>
/// <para>All members are called on the turn of one pulling agent.</para>
/// </remarks>
internal sealed class KafkaQueueCache(int lanes) : IQueueCache
{
    private readonly Dictionary<StreamId, Lane> _lanes = [];

    /// <summary>Gets how many batches are held.</summary>
    public int Count => _lanes.Values.Sum(lane => lane.Count);

    /// <summary>Gets or sets what is told of each batch that was delivered, once.</summary>
    public Action<LaneBatch> Delivered { get; set; } = _ => { };

    /// <summary>Gets or sets whether a delivered batch is durable.</summary>
    public Func<LaneBatch, bool> IsDurable { get; set; } = _ => true;

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
            lane.Tell(Delivered);
            lane.Purge(IsDurable, purged);
        }

        purgedItems = purged;
        return purged.Count > 0;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) => new Cursor(LaneOf(streamId), token);

    // The agent's token is of no use: at registration it names a batch that is only about to be delivered. Cursors know better.
    public void UpdateDeliveryProgress(StreamSequenceToken? earliestSubscriptionToken, DateTime utcNow) => TellDelivered();

    /// <summary>Tells what was delivered since the last purge, for an agent that shuts down and purges no more.</summary>
    public void TellDelivered()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Tell(Delivered);
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
        private long _told;

        public int Count => _held.Count;

        /// <summary>Gets the index below which every subscription had every batch. Without a subscription nothing moves.</summary>
        private long Delivered => _cursors.Count == 0 ? _delivered : Math.Max(_delivered, _cursors.Min(cursor => cursor.Passed));

        public void Add(KafkaBatchContainer container) => _held.AddLast(new Held(_end++, container));

        /// <summary>Finds where a cursor starts.</summary>
        /// <returns>The index, and whether it is that of the very batch that the token names.</returns>
        public (long Index, bool IsNamed) Start(StreamSequenceToken? token)
        {
            if (token is null)
            {
                return (Delivered, false);
            }

            // A consumer names what it has stored: what follows is delivered again, though an earlier activation may have had it.
            if (LaneStreamId.IsAfter(token))
            {
                var next = _held.FirstOrDefault(held => held.LastOffset > token.SequenceNumber);
                return (next?.Index ?? _end, false);
            }

            // The agent names a batch of its own. Batches before it that were not delivered must not be skipped.
            var named = _held.FirstOrDefault(held => held.LastOffset >= token.SequenceNumber);
            var start = Math.Min(named?.Index ?? _end, Delivered);
            return (start, named is not null && named.Index == start && named.LastOffset == token.SequenceNumber);
        }

        /// <summary>Adds a cursor, and gets the index of the next batch to be added.</summary>
        public long Open(Cursor cursor)
        {
            _cursors.Add(cursor);
            return _end;
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

        // What failed is the failure handler's: it is finished when it lies in the dead-letter topic, not before.
        public void Tell(Action<LaneBatch> delivered)
        {
            _delivered = Delivered;
            for (var node = At(_told); node is not null && node.Value.Index < _delivered; node = node.Next)
            {
                if (!node.Value.Failed && !node.Value.Container.IsReminder)
                {
                    delivered(node.Value.Container.Batch!);
                }
            }

            _told = Math.Max(_told, _delivered);
        }

        public void Purge(Func<LaneBatch, bool> isDurable, List<IBatchContainer> purged)
        {
            for (var node = _held.First; node is not null && node.Value.Index < _told;)
            {
                var (held, next) = (node.Value, node.Next);
                if (!held.Failed && !held.Container.IsReminder && !isDurable(held.Container.Batch!))
                {
                    break;
                }

                if (!held.Failed && !held.Container.IsReminder)
                {
                    purged.Add(held.Container);
                }

                _held.Remove(node);
                node = next;
            }

            // Reminders lie behind what they remind of.
            for (var node = _held.Last; node is not null && node.Value.Container.IsReminder;)
            {
                var before = node.Previous;
                if (node.Value.Index < _told)
                {
                    _held.Remove(node);
                }

                node = before;
            }
        }
    }

    private sealed class Held(long index, KafkaBatchContainer container)
    {
        public long Index => index;

        public KafkaBatchContainer Container => container;

        public long LastOffset => container.SequenceToken.SequenceNumber;

        public bool Failed { get; set; }
    }

    private sealed class Cursor : IQueueCacheCursor
    {
        private readonly Lane _lane;
        private LinkedListNode<Held>? _current;
        private readonly long _remindedBefore;
        private long _position;
        private bool _repeats;
        private bool _closed;

        public Cursor(Lane lane, StreamSequenceToken? token)
        {
            _lane = lane;
            (_position, var isNamed) = lane.Start(token);
            Passed = _position;

            // After a handshake the agent moves once and looks at nothing, to step over the batch that the consumer named. Where the
            // first batch is not that one, stepping over it would lose it.
            _repeats = !isNamed;
            var end = lane.Open(this);
            _remindedBefore = token is not null && LaneStreamId.IsAfter(token) ? end : 0;
        }

        /// <summary>Gets the index below which batches were handed out and done with.</summary>
        public long Passed { get; private set; }

        public IBatchContainer GetCurrent(out Exception exception)
        {
            exception = null!;
            _repeats = false;
            return _current?.Value.Container!;
        }

        public bool MoveNext()
        {
            if (_repeats && _current?.List is not null)
            {
                _repeats = false;
                return true;
            }

            // The agent comes back for more only after the delivery before, or its failure, is over.
            Passed = _position;
            _current = _current?.List is null ? _lane.At(_position) : _current.Next;

            // A consumer that answered a reminder by naming what it has stored is delivered all of it; the reminder has done its work.
            while (_current is { Value: { Container.IsReminder: true } reminder } && reminder.Index < _remindedBefore)
            {
                _current = _current.Next;
            }

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
