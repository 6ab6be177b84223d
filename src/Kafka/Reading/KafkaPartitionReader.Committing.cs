using Confluent.Kafka;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Durability;

namespace Personalization.Kafka.Reading;

/// <content>What is done, and how far that is committed.</content>
public sealed partial class KafkaPartitionReader
{
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

            // First where the state is, then to the group: reading begins at what the state says.
            if (_positions is not null && position > _saved)
            {
                await _positions.SaveAsync(_key, position, cancellation).ConfigureAwait(false);
                _saved = position;
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
}
