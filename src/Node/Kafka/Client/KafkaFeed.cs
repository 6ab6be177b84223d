using System.Buffers;
using Confluent.Kafka;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Kafka;
using Personalization.Kafka.Consuming;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Producing;
using Personalization.Kafka.Reading;
using Personalization.Kafka.Records;
using Personalization.Node.Ingestion;
using Personalization.Node.Storage;

namespace Personalization.Node.Kafka;

/// <summary>A topic as the node's log.</summary>
/// <remarks>
/// The position of each partition is written with the profiles, in the transaction of the checkpoint. A start reads on exactly there,
/// whatever the group has committed: that is only for dashboards.
/// </remarks>
internal sealed partial class KafkaFeed : IEventFeed, IFoldedPositions
{
    private const int Epoch = 0;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FoldingLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly KafkaStreamOptions _options;
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KafkaEventProducer _producer;
    private readonly KafkaEventConsumer _consumer;
    private readonly FoldedOffsets _folded = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _prefix;
    private Task _catchingUp = Task.CompletedTask;
    private CommitQueue? _queue;
    private volatile int _partitions;
    private volatile bool _caughtUp;

    public KafkaFeed(KafkaStreamOptions options, Database database, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _database, _time) = (options, database, time);
        _logger = loggers.CreateLogger<KafkaFeed>();
        _prefix = FeedMarks.Of(options.Topic);
        var marks = database.ReadMarks(_prefix);
        _partitions = (int)marks.GetValueOrDefault(PartitionsMark);
        for (var partition = 0; partition < int.MaxValue && marks.TryGetValue(MarkOf(partition), out var next); partition++)
        {
            _folded.Advance(partition, next);
        }

        _producer = new KafkaEventProducer(options, loggers.CreateLogger<KafkaEventProducer>(), this);
        _consumer = new KafkaEventConsumer(options, FoldAsync, loggers.CreateLogger<KafkaEventConsumer>(), this, time: time);
    }

    public bool IsCaughtUp => _caughtUp;

    private string PartitionsMark => $"{_prefix}e{Epoch}/partitions";

    public void Start(CommitQueue queue)
    {
        _queue = queue;
        _consumer.Start();
        _catchingUp = Task.Run(CatchUpAsync);
    }

    public async Task<IngestReceipt> AppendAsync(IReadOnlyList<Event> events, int dropped, IReadOnlyList<RejectedEvent> rejected)
    {
        try
        {
            await _producer.PrepareAsync().ConfigureAwait(false);

            // Started in order and awaited together: a person's events keep their order, and the batch pays for one round trip.
            var writing = new Task<KafkaPosition>[events.Count];
            for (var i = 0; i < writing.Length; i++)
            {
                writing[i] = _producer.ProduceAsync(events[i]);
            }

            var written = await Task.WhenAll(writing).ConfigureAwait(false);
            foreach (var partition in written.GroupBy(position => position.Partition))
            {
                await _folded.UntilAsync(partition.Key, partition.Max(position => position.Offset) + 1)
                    .WaitAsync(FoldingLimit, _time).ConfigureAwait(false);
            }

            var folded = Array.ConvertAll(written, position => _folded.Find(position.Partition, position.Offset));
            return new IngestReceipt(
                events.Count, folded.Count(found => found is { IsRepeated: true }), dropped, folded.Max(found => found?.Position ?? 0))
            {
                Rejected = rejected,
            };
        }
        catch (EventNotStoredException exception)
        {
            throw new UnavailableException(exception.Message, RetryAfter, exception);
        }
        catch (TimeoutException exception)
        {
            throw new UnavailableException(
                $"The events are in topic '{_options.Topic}' and were not folded in time.", RetryAfter, exception);
        }
    }

    public IReadOnlyCollection<KeyValuePair<string, long>> Marks() =>
        [.. _folded.All().Select(entry => KeyValuePair.Create(MarkOf(entry.Key), entry.Value))];

    public ValueTask<int> PinPartitionsAsync(string topic, int epoch, int found, CancellationToken cancellation)
    {
        lock (_folded)
        {
            if (_partitions == 0)
            {
                _database.WriteMark(PartitionsMark, found);
                _partitions = found;
            }
        }

        return new(_partitions);
    }

    public ValueTask<long?> FindAsync(PartitionKey partition, CancellationToken cancellation) =>
        new(_folded.Next(partition.Partition));

    // Whatever lies before is folded or set aside by now; the next checkpoint writes it.
    public ValueTask SaveAsync(PartitionKey partition, long next, CancellationToken cancellation)
    {
        _folded.Advance(partition.Partition, next);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _catchingUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _consumer.DisposeAsync().ConfigureAwait(false);
        _producer.Dispose();
        _stop.Dispose();
    }

    private async Task FoldAsync(LaneBatch batch, CancellationToken cancellation)
    {
        var events = new Event[batch.Records.Count];
        var offsets = new long[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = (Event)batch.Records[i].Item!;
            offsets[i] = batch.Records[i].Offset;
        }

        var pending = new PendingBatch(events, new ArrayBufferWriter<byte>(), dropped: 0, rejected: [])
        {
            WhenFolded = (folded, first) =>
                _folded.Advance(batch.Partition, new FoldedOffsets.Batch(offsets, first, folded.Repeated)),
        };
        if (!_queue!.TryPut(pending))
        {
            throw new OperationCanceledException("The node stops.");
        }

        await pending.Done.ConfigureAwait(false);
    }

    // Decisions before that would be made without events that were acknowledged before the stop.
    private async Task CatchUpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var bounds = await KafkaTopicBounds.ReadAsync(_options, _logger, _stop.Token).ConfigureAwait(false);
                if (bounds.Count > 0)
                {
                    await Task.WhenAll(bounds.Select((held, partition) => _folded.UntilAsync(partition, held.High)))
                        .WaitAsync(_stop.Token).ConfigureAwait(false);
                    _caughtUp = true;
                    LogCaughtUp(_options.Topic);
                    return;
                }
            }
            catch (KafkaException failure)
            {
                LogNotAsked(_options.Topic, failure.Error.Reason);
            }

            await Task.Delay(AskAgain, _time, _stop.Token).ConfigureAwait(false);
        }
    }

    private string MarkOf(int partition) => $"{FeedMarks.Prefix}{new PartitionKey(_options.Topic, Epoch, partition)}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Everything is folded that topic '{Topic}' held at the start.")]
    private partial void LogCaughtUp(string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "How much topic '{Topic}' holds could not be learnt ({Reason}); the node is not ready yet.")]
    private partial void LogNotAsked(string topic, string reason);
}
