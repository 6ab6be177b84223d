using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Personalization.Kafka.Reading;

/// <summary>
/// Knows how many partitions the topic has, waits for the topic where it is missing, and notices partitions that are added.
/// </summary>
internal sealed partial class KafkaTopic(KafkaStreamOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _watching = Task.CompletedTask;
    private volatile int _partitions;

    /// <summary>Raised with the number of partitions known before, after it grew.</summary>
    public event Action<int>? Grew;

    /// <summary>Gets the number of partitions; 0 until the topic was seen.</summary>
    public int Partitions => _partitions;

    /// <summary>Completes when the topic was seen.</summary>
    public Task Known => _known.Task;

    /// <summary>Gets the number of partitions as soon as the topic was seen.</summary>
    public async Task<int> CountAsync(CancellationToken cancellation)
    {
        await Known.WaitAsync(cancellation).ConfigureAwait(false);
        return _partitions;
    }

    public void Watch() => _watching = Task.Run(WatchAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _known.TrySetCanceled();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var client = KafkaClients.Consumer(options, $"metadata of {options.Topic}", logger);
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        var delay = new RetryDelay(options.MaxRetryDelay);
        while (!_stop.IsCancellationRequested)
        {
            var pause = options.MetadataInterval;
            try
            {
                // All topics: asking for one by its name would create it on brokers that create topics on demand.
                var found = admin.GetMetadata(options.RequestTimeout).Topics.FirstOrDefault(topic => topic.Topic == options.Topic);
                if (found is null || found.Error.IsError || found.Partitions.Count == 0)
                {
                    pause = delay.Fail();
                    if (delay.IsWorthALine)
                    {
                        LogMissing(options.Topic, options.Brokers, found?.Error.Reason ?? "the brokers do not list it", delay.Failures);
                    }
                }
                else
                {
                    delay.Succeed();
                    See(found.Partitions.Count);
                }
            }
            catch (KafkaException failure)
            {
                pause = delay.Fail();
                if (delay.IsWorthALine)
                {
                    LogUnreachable(options.Topic, options.Brokers, failure.Error.Reason, delay.Failures);
                }
            }

            await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void See(int partitions)
    {
        var before = _partitions;
        if (partitions <= before)
        {
            // A topic never shrinks; fewer means that it was deleted and created anew.
            if (partitions < before)
            {
                LogShrunk(options.Topic, before, partitions);
            }

            return;
        }

        _partitions = partitions;
        if (before == 0)
        {
            LogFound(options.Topic, partitions);
            _known.TrySetResult();
        }
        else
        {
            LogGrown(options.Topic, before, partitions);
        }

        Grew?.Invoke(before);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Topic '{Topic}' has {Partitions} partitions.")]
    private partial void LogFound(string topic, int partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Topic '{Topic}' is not there (asked {Brokers}: {Reason}; {Failures} tries). Create it; reading begins when it appears.")]
    private partial void LogMissing(string topic, string brokers, string reason, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The brokers of topic '{Topic}' can't be reached ({Brokers}: {Reason}; {Failures} tries). Reading begins when they answer.")]
    private partial void LogUnreachable(string topic, string brokers, string reason, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Topic '{Topic}' grew from {Before} to {Partitions} partitions; the new ones are read from their first record. Where "
        + "'PinPartitions' "
        + "is not set keys have moved between partitions: across the move, the order of one key's records does not hold.")]
    private partial void LogGrown(string topic, int before, int partitions);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Topic '{Topic}' has {Partitions} partitions where it had {Before}: it was created anew. Raise 'TopicEpoch' and restart.")]
    private partial void LogShrunk(string topic, int before, int partitions);
}
