using Confluent.Kafka;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Records;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Personalization.Kafka.Reading;

/// <content>The thread that polls.</content>
public sealed partial class KafkaPartitionReader
{
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
        var right = _spread > 0 && isRead && record.Key is { } key ? KeyPartition.Of(key, _spread) : Partition;
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
            if (isRead && right == Partition)
            {
                _buffer.Add(lane, record);
                if (_available.CurrentCount == 0)
                {
                    _available.Release();
                }

                return;
            }
        }

        var settling = isRead ? PutRightAsync(record, right) : RefuseAsync(record, refusal);
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
            if (_shared.Format.TryRead(record, out var item, out refusal))
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

    private Task RefuseAsync(KafkaRecord record, RecordRefusal refusal)
    {
        KafkaMetrics.CountRefused(_tag, refusal.Reason);
        return SettleAsync(record, _shared.DeadLetters.WriteAsync(record, refusal, _stop.Token));
    }

    // One that was put right before by another service, which spreads keys differently, would travel for ever.
    private Task PutRightAsync(KafkaRecord record, int right)
    {
        if (!record.Header(KeyedPartitions.FoundHeader).IsEmpty)
        {
            return RefuseAsync(record,
                new RecordRefusal("misplaced", "Two services spread the keys of this topic over different numbers of partitions."));
        }

        KafkaMetrics.CountMisplaced(_tag);
        return SettleAsync(record, _shared.Keys!.MoveAsync(record, right, _stop.Token));
    }

    private async Task SettleAsync(KafkaRecord record, Task written)
    {
        await written.ConfigureAwait(false);
        lock (_lock)
        {
            _watermark!.Settle(record.Offset);
        }

        Release(1, record.Weight);
    }

    private static KafkaHeader[] HeadersOf(Headers? headers) =>
        headers is null || headers.Count == 0 ? [] : [.. headers.Select(header => new KafkaHeader(header.Key, header.GetValueBytes()))];
}
