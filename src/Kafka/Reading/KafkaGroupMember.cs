using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Personalization.Kafka.Reading;

/// <summary>Membership in the consumer group: which partitions the brokers gave to this process. It reads none of them itself.</summary>
/// <remarks>
/// <para>Cooperative and sticky: whoever keeps a partition goes on reading while others move. A partition is given up only after
/// <paramref name="changed"/> has ended, so its reader can commit what it did before the next owner asks where to begin.</para>
/// <para>The group is one of its own (<see cref="KafkaStreamOptions.OwnersGroup"/>): a group with members takes no commit while it shares
/// its partitions anew, and then is when most need to be made.</para>
/// </remarks>
/// <param name="options">Where the topic is, and the group.</param>
/// <param name="changed">Told after the set changed; what it returns is waited for before partitions are given up.</param>
/// <param name="logger">The log.</param>
public sealed partial class KafkaGroupMember(KafkaStreamOptions options, Func<Task> changed, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<int> _partitions = [];
    private Task _polling = Task.CompletedTask;
    private int _disposed;

    /// <summary>Gets the partitions that this process owns.</summary>
    public IReadOnlyCollection<int> Partitions
    {
        get
        {
            lock (_partitions)
            {
                return [.. _partitions];
            }
        }
    }

    /// <summary>Joins, and returns at once: brokers that are down are waited for.</summary>
    public void Start()
    {
        var consumer = KafkaClients.Consumer(options, $"member of {options.OwnersGroup}", logger, Join);
        consumer.Subscribe(options.Topic);
        _polling = Task.Factory.StartNew(
            () => PollUntilStopped(consumer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Join(ConsumerBuilder<byte[]?, byte[]?> builder) => builder
        .SetPartitionsAssignedHandler((_, given) =>
        {
            lock (_partitions)
            {
                _partitions.UnionWith(given.Select(partition => partition.Partition.Value));
            }

            var numbers = NumbersOf(given);
            LogGiven(options.Topic, numbers);
            Tell();

            // It reads nothing; this only keeps the client from asking where it would begin.
            return given.Select(partition => new TopicPartitionOffset(partition, Offset.End));
        })
        .SetPartitionsRevokedHandler((_, taken) => GiveUp(taken))
        .SetPartitionsLostHandler((_, taken) => GiveUp(taken));

    private void GiveUp(List<TopicPartitionOffset> taken)
    {
        lock (_partitions)
        {
            _partitions.ExceptWith(taken.Select(partition => partition.Partition.Value));
        }

        var numbers = NumbersOf(taken.Select(partition => partition.TopicPartition));
        LogTaken(options.Topic, numbers);
        if (!Tell().Wait(options.RequestTimeout))
        {
            LogGaveUpInHaste(options.Topic);
        }
    }

    private static string NumbersOf(IEnumerable<TopicPartition> partitions) =>
        string.Join(", ", partitions.Select(partition => partition.Partition.Value));

    private Task Tell() => changed().ContinueWith(
        told =>
        {
            if (told.Exception is { } failure)
            {
                LogNotTold(failure, options.Topic);
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private void PollUntilStopped(IConsumer<byte[]?, byte[]?> consumer)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                consumer.Consume(Poll);
                if (consumer.Assignment is { Count: > 0 } assigned)
                {
                    consumer.Pause(assigned);
                }
            }
            catch (KafkaException failure)
            {
                LogFailed(options.OwnersGroup, failure.Error.Reason);
                _stop.Token.WaitHandle.WaitOne(Poll);
            }
        }

        try
        {
            consumer.Close();
        }
        catch (KafkaException failure)
        {
            LogFailed(options.OwnersGroup, failure.Error.Reason);
        }

        consumer.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The group gave partitions {Partitions} of '{Topic}' to this process.")]
    private partial void LogGiven(string topic, string partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "The group takes partitions {Partitions} of '{Topic}' from this process.")]
    private partial void LogTaken(string topic, string partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Readers of '{Topic}' did not end in time, and their partitions were given up all the same: what they do is done again elsewhere.")]
    private partial void LogGaveUpInHaste(string topic);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sharing the partitions of '{Topic}' anew failed; the next change tries again.")]
    private partial void LogNotTold(Exception failure, string topic);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The member of group '{Group}' met: {Reason}")]
    private partial void LogFailed(string group, string reason);
}
