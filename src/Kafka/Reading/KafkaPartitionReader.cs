using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Records;

namespace Personalization.Kafka.Reading;

/// <summary>
/// Reads one partition: polls on a thread of its own, hands out batches lane by lane, and commits what is done and nothing else.
/// </summary>
/// <remarks>
/// <para>Knows nothing of Orleans. A consumer takes batches with <see cref="Take"/>, works through those of one lane in their order, and
/// gives each back with <see cref="Delivered"/> or <see cref="SetAsideAsync"/>. Until then the batch counts against the caps of the
/// options, and its records hold the commit back.</para>
/// <para>No member throws because a broker is down or a record is bad: brokers are tried again, records become dead letters.</para>
/// </remarks>
public sealed partial class KafkaPartitionReader : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseAfter = TimeSpan.FromMilliseconds(500);

    private readonly KafkaReading _shared;
    private readonly KafkaStreamOptions _options;
    private readonly TopicPartition _source;
    private readonly PartitionKey _key;
    private readonly KafkaStartPosition _start;
    private readonly IFoldedPositions? _positions;
    private readonly IDurableOffsets? _durable;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LanePlan _plan;
    private readonly LaneKey[] _laneKeys;
    private readonly KafkaMetrics.PartitionTag _tag;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _committing = new(1, 1);
    private readonly SemaphoreSlim _available = new(0, 1);
    private readonly ManualResetEventSlim _room = new();
    private readonly Lock _lock = new();
    private readonly LaneBuffer _buffer;
    private readonly HashSet<Task> _settling = [];
    private readonly RetryDelay _commitFailures;
    private readonly Queue<LaneBatch>[] _undurable;
    private readonly (LaneBatch? Batch, long Since)[] _waiting;
    private OffsetWatermark? _watermark;
    private IConsumer<byte[]?, byte[]?>? _consumer;
    private Task _reading = Task.CompletedTask;
    private Task _commits = Task.CompletedTask;
    private int _stopped;
    private long _heldRecords;
    private long _heldBytes;
    private long _committed = -1;
    private long _saved = -1;
    private int _spread;
    private bool _paused;
    private long _stalledAt = -1;
    private long _stalledSince;
    private bool _stallReported;

    /// <summary>Prepares a reader; <see cref="Start"/> starts it.</summary>
    /// <param name="shared">What the readers of the topic share.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="start">Overrides where to start without a position.</param>
    public KafkaPartitionReader(KafkaReading shared, int partition, KafkaStartPosition? start = null)
    {
        var options = shared.Options;
        (_shared, _options, _positions, _durable) = (shared, options, shared.Positions, shared.Durable);
        (_time, _logger) = (shared.Time, shared.Logger);
        _start = start ?? options.Start;
        _key = PartitionKey.Of(options, partition);
        _source = new TopicPartition(options.Topic, partition);
        _plan = options.Lanes;
        _laneKeys = [.. Enumerable.Range(0, _plan.Lanes).Select(lane => LaneKey.Of(options, partition, lane))];
        _tag = KafkaMetrics.PartitionTag.Of(options.Topic, partition);
        _commitFailures = new RetryDelay(options.MaxRetryDelay);
        _undurable = [.. _laneKeys.Select(_ => new Queue<LaneBatch>())];
        _waiting = new (LaneBatch?, long)[_plan.Lanes];
        _buffer = new LaneBuffer(partition, _plan.Lanes, options.MaxBatchRecords, options.MaxBatchBytes);
    }

    /// <summary>Gets the partition.</summary>
    public int Partition => _source.Partition.Value;

    /// <summary>Gets the position committed last by this reader, or found committed; -1 before either.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Gets whether reading is paused because a cap is reached.</summary>
    public bool IsPaused => Volatile.Read(ref _paused);

    /// <summary>Gets how many bytes were read and are not yet done.</summary>
    public long BufferedBytes => Interlocked.Read(ref _heldBytes);

    /// <summary>Gets how many records were read and are not yet done.</summary>
    public long BufferedRecords => Interlocked.Read(ref _heldRecords);

    /// <summary>Starts reading, and returns at once: brokers that are down are waited for.</summary>
    public void Start()
    {
        KafkaMetrics.Watch(this, Gauges);
        _reading = Task.Run(ReadAsync);
        _commits = Task.Run(CommitRegularlyAsync);
    }

    /// <summary>Takes what was read, at most one batch of each lane.</summary>
    public IReadOnlyList<LaneBatch> Take(int maxBatches)
    {
        lock (_lock)
        {
            return _buffer.IsEmpty ? [] : _buffer.Take(maxBatches);
        }
    }

    /// <summary>Waits until there may be something to take.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _available.WaitAsync(cancellation);

    /// <summary>Gives a batch back that its lane has taken, once. It counts against the caps until it is durable.</summary>
    public void Delivered(LaneBatch batch)
    {
        lock (_lock)
        {
            foreach (var record in batch.Records)
            {
                if (_durable is null)
                {
                    _watermark!.Settle(record.Offset);
                }
                else
                {
                    _watermark!.Apply(record.Offset);
                }
            }

            _undurable[batch.Lane].Enqueue(batch);
            ReleaseDurable(batch.Lane);
        }
    }

    /// <summary>Gets whether a batch is durable, so that its lane's consumer will never need it again, whatever becomes of it.</summary>
    public bool IsDurable(LaneBatch batch)
    {
        lock (_lock)
        {
            return IsDurableAlready(batch);
        }
    }

    /// <summary>
    /// Gives a batch back that can't be delivered: writes its records to the dead-letter topic, and tries until they are there.
    /// </summary>
    /// <exception cref="OperationCanceledException">The reader was stopped first; the records will be delivered again.</exception>
    public async Task SetAsideAsync(LaneBatch batch, string reason, string? detail)
    {
        foreach (var record in batch.Records)
        {
            await _shared.DeadLetters.WriteAsync(record, new RecordRefusal(reason, detail), _stop.Token).ConfigureAwait(false);
            lock (_lock)
            {
                _watermark!.Settle(record.Offset);
            }
        }

        lock (_lock)
        {
            batch.IsSetAside = true;
            Release(batch);
        }
    }

    /// <summary>
    /// Gives batches that were delivered long ago and are not durable, one for each lane that has any: delivering it once more lets a
    /// consumer that lost its memory ask for everything it lost. They were given before, and are not to be given back again.
    /// </summary>
    public IReadOnlyList<LaneBatch> TakeReminders()
    {
        if (_durable is null)
        {
            return [];
        }

        List<LaneBatch>? due = null;
        lock (_lock)
        {
            for (var lane = 0; lane < _undurable.Length; lane++)
            {
                _undurable[lane].TryPeek(out var oldest);
                if (!ReferenceEquals(oldest, _waiting[lane].Batch))
                {
                    _waiting[lane] = (oldest, _time.GetTimestamp());
                }
                else if (oldest is not null && _time.GetElapsedTime(_waiting[lane].Since) >= _options.RedeliverAfter)
                {
                    _waiting[lane].Since = _time.GetTimestamp();
                    (due ??= []).Add(oldest);
                }
            }
        }

        return due ?? (IReadOnlyList<LaneBatch>)[];
    }

    /// <summary>Stops reading, commits what is done, and leaves the rest to the next reader.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _commits.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] settling;
        lock (_lock)
        {
            settling = [.. _settling];
        }

        await Task.WhenAll(settling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CommitAsync(CancellationToken.None).ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        KafkaMetrics.Forget(this);
        LogStopped(_options.Topic, Partition, Committed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private bool IsDurableAlready(LaneBatch batch) =>
        _durable is null || batch.IsSetAside || _watermark!.DurableThrough(batch.Lane) >= batch.LastOffset;

    private void ReleaseDurable(int lane)
    {
        while (_undurable[lane].TryPeek(out var batch) && IsDurableAlready(batch))
        {
            _undurable[lane].Dequeue();
            Release(batch);
        }
    }

    private void Release(LaneBatch batch)
    {
        if (!batch.IsReleased)
        {
            batch.IsReleased = true;
            Release(batch.Records.Count, batch.Weight);
        }
    }

    private void Release(int records, long bytes)
    {
        Interlocked.Add(ref _heldRecords, -records);
        Interlocked.Add(ref _heldBytes, -bytes);
        _room.Set();
    }

    private KafkaMetrics.PartitionGauges Gauges()
    {
        // What the group has committed may be beyond what the state holds, where the state was set back.
        long done;
        lock (_lock)
        {
            done = _watermark?.DurableNext ?? Math.Max(0, Committed);
        }

        var high = 0L;
        try
        {
            high = _consumer?.GetWatermarkOffsets(_source).High is { IsSpecial: false } known ? known.Value : 0;
        }
        catch (Exception closed) when (closed is KafkaException or ObjectDisposedException)
        {
            // Between two consumers; the next observation sees the new one.
        }

        return new(_tag, Math.Max(0, high - done), Math.Max(0, Committed), IsPaused ? 1 : 0, BufferedBytes, OpenRecords());
    }
}
