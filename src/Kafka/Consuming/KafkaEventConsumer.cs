using Microsoft.Extensions.Logging;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Reading;
using Personalization.Kafka.Records;

namespace Personalization.Kafka.Consuming;

/// <summary>Reads the topic without Orleans: the same lanes, caps, dead letters and commits, with a function as the consumer.</summary>
/// <remarks>
/// The batches of one lane come one after another, those of different lanes side by side. A batch whose function throws comes again
/// until it succeeds. Give each process its own partitions: they are assigned, not balanced.
/// </remarks>
public sealed partial class KafkaEventConsumer : IAsyncDisposable
{
    private readonly KafkaStreamOptions _options;
    private readonly Func<LaneBatch, CancellationToken, Task> _consume;
    private readonly IReadOnlyCollection<int>? _partitions;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly KafkaReading _shared;
    private readonly KafkaTopic _topic;
    private readonly Dictionary<int, Task> _pumps = [];
    private readonly Lock _lock = new();

    /// <summary>Prepares a consumer; <see cref="Start"/> starts it.</summary>
    /// <param name="options">Where the topic is, and the caps.</param>
    /// <param name="consume">Takes a batch; what it throws is tried again.</param>
    /// <param name="logger">The log.</param>
    /// <param name="positions">
    /// Where the function's state keeps its position; an <see cref="IDurableOffsets"/> where <see cref="KafkaStreamOptions.CommitWhen"/>
    /// is Durable. The default is the position that the group committed.
    /// </param>
    /// <param name="format">Judges the records; the default is <see cref="EventRecordFormat"/>.</param>
    /// <param name="partitions">Which partitions; the default is all of them, those added later included.</param>
    /// <param name="time">The clock; the default is the system's.</param>
    /// <exception cref="KafkaOptionsException">An option is wrong.</exception>
    public KafkaEventConsumer(
        KafkaStreamOptions options,
        Func<LaneBatch, CancellationToken, Task> consume,
        ILogger<KafkaEventConsumer> logger,
        IFoldedPositions? positions = null,
        IKafkaRecordFormat? format = null,
        IReadOnlyCollection<int>? partitions = null,
        TimeProvider? time = null)
    {
        KafkaOptionsCheck.Check(options.Topic, options);
        (_options, _consume, _logger, _partitions) = (options, consume, logger, partitions);
        _time = time ?? TimeProvider.System;
        _shared = new KafkaReading(options, format ?? new EventRecordFormat(), positions, _time, logger);
        _topic = _shared.Topic;
        _topic.Grew += Open;
    }

    /// <summary>Starts, and returns at once: brokers that are down and a topic that is missing are waited for.</summary>
    public void Start() => _topic.Watch();

    /// <summary>Stops: lets running batches end, commits what is done, and leaves the rest to the next consumer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] pumps;
        lock (_lock)
        {
            pumps = [.. _pumps.Values];
        }

        await Task.WhenAll(pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _shared.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Open(int before)
    {
        lock (_lock)
        {
            for (var partition = before; partition < _topic.Partitions && !_stop.IsCancellationRequested; partition++)
            {
                if (_partitions is null || _partitions.Contains(partition))
                {
                    var reader = new KafkaPartitionReader(_shared, partition, before > 0 ? KafkaStartPosition.Earliest : null);
                    _pumps[partition] = Task.Run(() => PumpAsync(reader));
                }
            }
        }
    }

    private async Task PumpAsync(KafkaPartitionReader reader)
    {
        var lanes = new Task[_options.LanesPerPartition];
        Array.Fill(lanes, Task.CompletedTask);
        reader.Start();
        try
        {
            while (true)
            {
                await reader.WaitAsync(_stop.Token).ConfigureAwait(false);
                while (reader.Take(_options.LanesPerPartition) is { Count: > 0 } batches)
                {
                    foreach (var batch in batches)
                    {
                        lanes[batch.Lane] = ConsumeAsync(reader, batch, lanes[batch.Lane]);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reader.StopAsync().ConfigureAwait(false);
    }

    private async Task ConsumeAsync(KafkaPartitionReader reader, LaneBatch batch, Task before)
    {
        // What the lane did before went well, or the consumer is stopping.
        await before.ConfigureAwait(false);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var delay = new RetryDelay(_options.MaxRetryDelay);
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            try
            {
                await _consume(batch, _stop.Token).ConfigureAwait(false);
                reader.Delivered(batch);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                var pause = delay.Fail();
                if (delay.IsWorthALine)
                {
                    LogFailed(failure, batch.Partition, batch.Lane, batch.Records[0].Offset, batch.LastOffset, delay.Failures);
                }

                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Lane {Lane} of partition {Partition} failed on offsets {First} to {Last} ({Failures} in a row); it is tried again.")]
    private partial void LogFailed(Exception failure, int partition, int lane, long first, long last, int failures);
}
