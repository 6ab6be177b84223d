using Confluent.Kafka;
using Personalization.Core.Ingestion;

namespace Personalization.Kafka.Reading;

/// <content>Where reading begins.</content>
public sealed partial class KafkaPartitionReader
{
    private async Task ReadAsync()
    {
        var delay = new RetryDelay(_options.MaxRetryDelay);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await OpenAsync().ConfigureAwait(false);
                delay.Succeed();
                await Task.Factory.StartNew(
                    PollUntilStopped, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
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
            _spread = _shared.Keys is { } keys ? await keys.CountAsync(_stop.Token).ConfigureAwait(false) : 0;
            var lanes = _durable is null ? [] : await _durable.ReadAsync(_laneKeys, _stop.Token).ConfigureAwait(false);
            var stored = _positions is null ? null : await _positions.FindAsync(_key, _stop.Token).ConfigureAwait(false);
            var start = await Task.Run(() => Locate(consumer, stored, lanes), _stop.Token).ConfigureAwait(false);
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

    private long Locate(IConsumer<byte[]?, byte[]?> consumer, long? stored, IReadOnlyList<long?> lanes)
    {
        var found = consumer.QueryWatermarkOffsets(_source, _options.RequestTimeout);
        var bounds = new StartOffset.Bounds(found.Low.Value, found.High.Value);

        // Opened again after a fault: what was read is still being worked on here, so go on behind it.
        if (_watermark is { } known)
        {
            return Accept(StartOffset.OfGroup(known.Next, bounds, _start), bounds);
        }

        var committed = CommittedAt(consumer);
        var position = Accept(
            _positions is null ? StartOffset.OfGroup(committed, bounds, _start)
                : StartOffset.OfStore(stored, lanes, committed, bounds, _start),
            bounds);
        var watermark = new OffsetWatermark(position, _plan.Lanes);
        for (var lane = 0; lane < lanes.Count; lane++)
        {
            watermark.MakeDurable(lane, lanes[lane] ?? -1);
        }

        _watermark = watermark;
        Volatile.Write(ref _committed, committed ?? -1);
        _saved = stored ?? -1;
        LogStarted(_options.Topic, Partition, position, bounds.High, committed);
        if (_positions is not null && committed > position)
        {
            LogBehindGroup(_options.Topic, Partition, position, committed.Value);
        }

        return position;
    }

    private long Accept(StartOffset.Decision start, StartOffset.Bounds bounds)
    {
        if (start.IsBeyondEnd)
        {
            throw new InvalidOperationException(
                $"The position {start.Offset} lies beyond the end of the partition, {bounds.High}: the topic was created anew, or lost "
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
}
