using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Records;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Personalization.Kafka.Reading;

/// <summary>Reads one partition: polls on a thread of its own, hands out batches lane by lane, and commits what is done and nothing else.</summary>
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

    private readonly KafkaStreamOptions _options;
    private readonly TopicPartition _source;
    private readonly KafkaStartPosition _start;
    private readonly IKafkaRecordFormat _format;
    private readonly IDurableOffsets? _durable;
    private readonly KafkaDeadLetters _deadLetters;
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
    private bool _paused;
    private long _stalledAt = -1;
    private long _stalledSince;
    private bool _stallReported;

    /// <summary>Prepares a reader; <see cref="Start"/> starts it.</summary>
    /// <param name="options">Where the topic is, and the caps.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="format">Judges the records.</param>
    /// <param name="durable">Where lanes report; needed where <see cref="KafkaStreamOptions.CommitWhen"/> is Durable, else unused.</param>
    /// <param name="deadLetters">Where bad records go.</param>
    /// <param name="time">The clock for pauses and intervals.</param>
    /// <param name="logger">The log.</param>
    /// <param name="start">Overrides where to start without a position.</param>
    public KafkaPartitionReader(
        KafkaStreamOptions options,
        int partition,
        IKafkaRecordFormat format,
        IDurableOffsets? durable,
        KafkaDeadLetters deadLetters,
        TimeProvider time,
        ILogger logger,
        KafkaStartPosition? start = null)
    {
        if (options.CommitWhen == KafkaCommit.Durable && durable is null)
        {
            throw new KafkaOptionsException($"'{nameof(options.CommitWhen)}' is Durable, but there is no {nameof(IDurableOffsets)} to learn from.");
        }

        (_options, _format, _deadLetters, _time, _logger) = (options, format, deadLetters, time, logger);
        _durable = options.CommitWhen == KafkaCommit.Durable ? durable : null;
        _start = start ?? options.Start;
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

    /// <summary>Gives a batch back that can't be delivered: writes its records to the dead-letter topic, and tries until they are there.</summary>
    /// <exception cref="OperationCanceledException">The reader was stopped first; the records will be delivered again.</exception>
    public async Task SetAsideAsync(LaneBatch batch, string reason, string? detail)
    {
        foreach (var record in batch.Records)
        {
            await _deadLetters.WriteAsync(record, new RecordRefusal(reason, detail), _stop.Token).ConfigureAwait(false);
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

    /// <summary>Commits what is done now, without waiting for the interval.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        await _committing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_consumer is not { } consumer || _watermark is not { } watermark)
            {
                return;
            }

            if (_durable is not null)
            {
                await LearnAsync(watermark, _durable, cancellation).ConfigureAwait(false);
            }

            long position;
            lock (_lock)
            {
                position = watermark.DurableNext;
            }

            if (position > _committed)
            {
                await Task.Run(() => CommitUpTo(consumer, position), CancellationToken.None).ConfigureAwait(false);
            }

            _commitFailures.Succeed();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The next interval tries again; a commit that is late costs replay, never records.
            _commitFailures.Fail();
            if (_commitFailures.IsWorthALine)
            {
                LogCommitFailed(failure, _options.Topic, Partition, _committed, _commitFailures.Failures);
            }
        }
        finally
        {
            _committing.Release();
        }
    }

    private async Task ReadAsync()
    {
        var delay = new RetryDelay(_options.MaxRetryDelay);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await OpenAsync().ConfigureAwait(false);
                delay.Succeed();
                await Task.Factory.StartNew(PollUntilStopped, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    .ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                var pause = delay.Fail();
                if (delay.IsWorthALine)
                {
                    LogReadFailed(_options.Topic, Partition, failure.Message, delay.Failures);
                }

                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task OpenAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        var consumer = KafkaClients.Consumer(_options, $"{_options.Topic}/{Partition}", _logger);
        try
        {
            var lanes = _durable is null ? [] : await _durable.ReadAsync(_laneKeys, _stop.Token).ConfigureAwait(false);
            var start = await Task.Run(() => Locate(consumer, lanes), _stop.Token).ConfigureAwait(false);
            consumer.Assign(new TopicPartitionOffset(_source, start));
        }
        catch
        {
            consumer.Dispose();
            throw;
        }

        await _committing.WaitAsync().ConfigureAwait(false);
        _consumer = consumer;
        _committing.Release();
    }

    private async Task CloseAsync()
    {
        await _committing.WaitAsync().ConfigureAwait(false);
        try
        {
            var consumer = _consumer;
            _consumer = null;
            if (consumer is not null)
            {
                await Task.Run(() =>
                {
                    consumer.Close();
                    consumer.Dispose();
                }).ConfigureAwait(false);
            }
        }
        catch (KafkaException failure)
        {
            LogReadFailed(_options.Topic, Partition, failure.Message, 1);
        }
        finally
        {
            _committing.Release();
        }
    }

    private long Locate(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<long?> lanes)
    {
        var bounds = consumer.QueryWatermarkOffsets(_source, _options.RequestTimeout);

        // Opened again after a fault: what was read is still being worked on here, so go on behind it.
        if (_watermark is { } known)
        {
            var resumed = StartOffset.Of(known.Next, [], bounds.Low.Value, bounds.High.Value, _start);
            return Accept(resumed, known.Next, bounds);
        }

        var committed = CommittedAt(consumer);
        var start = StartOffset.Of(committed, lanes, bounds.Low.Value, bounds.High.Value, _start);
        var position = Accept(start, committed ?? 0, bounds);
        var watermark = new OffsetWatermark(position, _plan.Lanes);
        for (var lane = 0; lane < lanes.Count; lane++)
        {
            watermark.MakeDurable(lane, lanes[lane] ?? -1);
        }

        _watermark = watermark;
        Volatile.Write(ref _committed, committed ?? -1);
        LogStarted(_options.Topic, Partition, position, bounds.High.Value, committed);
        return position;
    }

    private long Accept(StartOffset.Decision start, long wanted, WatermarkOffsets bounds)
    {
        if (start.IsBeyondEnd)
        {
            throw new InvalidOperationException(
                $"The position {wanted} lies beyond the end of the partition, {bounds.High.Value}: the topic was created anew, or lost "
                + $"records. Nothing is read. Raise '{nameof(KafkaStreamOptions.TopicEpoch)}' to read it from its beginning.");
        }

        if (start.Missing > 0)
        {
            KafkaMetrics.CountMissing(_tag, start.Missing);
            LogMissing(_options.Topic, Partition, start.Missing, start.Offset);
        }

        return start.Offset;
    }

    private long? CommittedAt(IConsumer<byte[]?, byte[]?> consumer)
    {
        var offset = consumer.Committed([_source], _options.RequestTimeout)[0].Offset;
        return offset.IsSpecial ? null : offset.Value;
    }

    private void PollUntilStopped()
    {
        var consumer = _consumer!;
        var isPausedAtClient = false;
        while (!_stop.IsCancellationRequested)
        {
            Flow(consumer, ref isPausedAtClient);
            if (IsPaused && !isPausedAtClient)
            {
                continue;
            }

            try
            {
                if (consumer.Consume(Poll) is { Message: not null } read)
                {
                    Accept(read);
                }
            }
            catch (ConsumeException failure) when (!failure.Error.IsFatal && failure.Error.Code != ErrorCode.Local_AutoOffsetReset
                && failure.Error.Code != ErrorCode.OffsetOutOfRange)
            {
                // Brokers that come and go; librdkafka reconnects on its own.
                LogReadFailed(_options.Topic, Partition, failure.Error.Reason, 1);
                _stop.Token.WaitHandle.WaitOne(Poll);
            }
        }
    }

    // A short wait for room costs nothing. A pause makes librdkafka drop what it fetched ahead, and keeps the client served meanwhile.
    // Resuming at half the cap and not just below it, so that pauses do not come record by record.
    private void Flow(IConsumer<byte[]?, byte[]?> consumer, ref bool isPausedAtClient)
    {
        if (!IsOver(1))
        {
            Volatile.Write(ref _paused, isPausedAtClient);
        }
        else if (!isPausedAtClient)
        {
            Volatile.Write(ref _paused, true);
            if (!HasRoomWithin(PauseAfter))
            {
                consumer.Pause([_source]);
                isPausedAtClient = true;
                LogPaused(_options.Topic, Partition, BufferedRecords, BufferedBytes);
            }
        }

        if (isPausedAtClient && !IsOver(2))
        {
            consumer.Resume([_source]);
            isPausedAtClient = false;
            Volatile.Write(ref _paused, false);
        }
    }

    private bool HasRoomWithin(TimeSpan limit)
    {
        var since = _time.GetTimestamp();
        while (IsOver(1) && !_stop.IsCancellationRequested && _time.GetElapsedTime(since) < limit)
        {
            _room.Wait(Poll);
            _room.Reset();
        }

        return !IsOver(1);
    }

    private bool IsOver(int part) =>
        BufferedRecords * part >= _options.MaxBufferedRecords || BufferedBytes * part >= _options.MaxBufferedBytes;

    private int OpenRecords()
    {
        lock (_lock)
        {
            return _watermark?.Open ?? 0;
        }
    }

    private void Accept(ConsumeResult<byte[]?, byte[]?> read)
    {
        var record = new KafkaRecord
        {
            Partition = Partition,
            Offset = read.Offset.Value,
            Key = read.Message.Key,
            Value = read.Message.Value,
            Headers = HeadersOf(read.Message.Headers),
            Timestamp = Math.Max(0, read.Message.Timestamp.UnixTimestampMs),
        };
        var lane = _plan.LaneOf(record.Key);
        var isRead = TryRead(record, out var refusal);
        KafkaMetrics.CountRead(_tag);
        lock (_lock)
        {
            // Records that are fetched again after a resume were seen before.
            if (record.Offset < _watermark!.Next)
            {
                return;
            }

            _watermark.Begin(record.Offset, lane);
            Interlocked.Increment(ref _heldRecords);
            Interlocked.Add(ref _heldBytes, record.Weight);
            if (isRead)
            {
                _buffer.Add(lane, record);
                if (_available.CurrentCount == 0)
                {
                    _available.Release();
                }

                return;
            }
        }

        KafkaMetrics.CountRefused(_tag, refusal.Reason);
        var settling = SettleAsync(record, refusal);
        lock (_lock)
        {
            _settling.RemoveWhere(task => task.IsCompleted);
            _settling.Add(settling);
        }
    }

    private bool TryRead(KafkaRecord record, out RecordRefusal refusal)
    {
        try
        {
            if (_format.TryRead(record, out var item, out refusal))
            {
                record.Item = item;
                return true;
            }
        }
        catch (Exception failure)
        {
            // A format must not throw; one that does costs its record, and not the partition.
            refusal = new RecordRefusal("format-threw", failure.Message);
        }

        return false;
    }

    private async Task SettleAsync(KafkaRecord record, RecordRefusal refusal)
    {
        await _deadLetters.WriteAsync(record, refusal, _stop.Token).ConfigureAwait(false);
        lock (_lock)
        {
            _watermark!.Settle(record.Offset);
        }

        Release(1, record.Weight);
    }

    private async Task CommitRegularlyAsync()
    {
        using var timer = new PeriodicTimer(_options.CommitInterval, _time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            await CommitAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    private async Task LearnAsync(OffsetWatermark watermark, IDurableOffsets durable, CancellationToken cancellation)
    {
        var lanes = await durable.ReadAsync(_laneKeys, cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            for (var lane = 0; lane < lanes.Count; lane++)
            {
                watermark.MakeDurable(lane, lanes[lane] ?? -1);
                ReleaseDurable(lane);
            }

            WatchForStall(watermark);
        }
    }

    // A grain without an observer takes deliveries and drops them: it never reports, the commit stands still, and this says why.
    private void WatchForStall(OffsetWatermark watermark)
    {
        if (!watermark.TryGetUndurable(out var offset, out var lane))
        {
            _stalledAt = -1;
        }
        else if (offset != _stalledAt)
        {
            (_stalledAt, _stalledSince, _stallReported) = (offset, _time.GetTimestamp(), false);
        }
        else if (!_stallReported && _time.GetElapsedTime(_stalledSince) >= _options.StallWarning)
        {
            _stallReported = true;
            LogStalled(_options.Topic, Partition, lane, offset);
        }
    }

    private void CommitUpTo(IConsumer<byte[]?, byte[]?> consumer, long position)
    {
        // Two readers may hold one partition for a moment while ownership moves; the group's position must not go back.
        if (CommittedAt(consumer) is { } there && there >= position)
        {
            Volatile.Write(ref _committed, there);
            return;
        }

        consumer.Commit([new TopicPartitionOffset(_source, position)]);
        Volatile.Write(ref _committed, position);
    }

    private bool IsDurableAlready(LaneBatch batch) => _durable is null || batch.IsSetAside || _watermark!.DurableThrough(batch.Lane) >= batch.LastOffset;

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
        long durable;
        lock (_lock)
        {
            durable = _watermark?.DurableNext ?? 0;
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

        return new(_tag, Math.Max(0, high - Math.Max(durable, Committed)), Math.Max(0, Committed), IsPaused ? 1 : 0, BufferedBytes, OpenRecords());
    }

    private static KafkaHeader[] HeadersOf(Headers? headers) =>
        headers is null || headers.Count == 0 ? [] : [.. headers.Select(header => new KafkaHeader(header.Key, header.GetValueBytes()))];

    [LoggerMessage(Level = LogLevel.Information, Message = "Reading {Topic}/{Partition} from offset {Offset} (end {End}, committed {Committed}).")]
    private partial void LogStarted(string topic, int partition, long offset, long end, long? committed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped reading {Topic}/{Partition}; committed {Committed}.")]
    private partial void LogStopped(string topic, int partition, long committed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading {Topic}/{Partition} failed ({Reason}; {Failures} in a row); it is tried again.")]
    private partial void LogReadFailed(string topic, int partition, string reason, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Committing {Topic}/{Partition} failed ({Failures} in a row); it stays at {Committed} until the next try.")]
    private partial void LogCommitFailed(Exception failure, string topic, int partition, long committed, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Missing} offsets of {Topic}/{Partition} were gone before they were read; reading goes on at {Offset}. Raise the topic's retention or the consumers' speed.")]
    private partial void LogMissing(string topic, int partition, long missing, long offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reading {Topic}/{Partition} is paused: {Records} records and {Bytes} bytes wait to be done (caps: 'MaxBufferedRecords', 'MaxBufferedBytes').")]
    private partial void LogPaused(string topic, int partition, long records, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Lane {Lane} of {Topic}/{Partition} took offset {Offset} and does not report it durable, so nothing beyond it is committed. Does the grain attach an observer in OnSubscribed, and does it report to IDurableOffsets?")]
    private partial void LogStalled(string topic, int partition, int lane, long offset);
}
