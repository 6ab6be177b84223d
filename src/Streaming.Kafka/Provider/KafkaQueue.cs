using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Kafka;
using Personalization.Kafka.Reading;
using Personalization.Kafka.Records;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>
/// One partition while this silo owns it: what the pulling agent reads from, what it caches in, and whom it tells of failures.
/// </summary>
internal sealed partial class KafkaQueue(KafkaStreamOptions options, Func<KafkaPartitionReader> open, ILogger logger)
    : IQueueAdapterReceiver, IStreamFailureHandler
{
    private KafkaPartitionReader? _reader;

    public KafkaQueueCache Cache { get; } = new(options.LanesPerPartition);

    public bool ShouldFaultSubsriptionOnError => false;

    public Task Initialize(TimeSpan timeout)
    {
        var reader = open();
        _reader = reader;
        Cache.Delivered = reader.Delivered;
        Cache.IsDurable = reader.IsDurable;
        reader.Start();
        return Task.CompletedTask;
    }

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        if (_reader is not { } reader)
        {
            return Task.FromResult<IList<IBatchContainer>>([]);
        }

        var containers = new List<IBatchContainer>();
        containers.AddRange(reader.TakeReminders().Select(batch => Of(batch, isReminder: true)));
        containers.AddRange(reader.Take(maxCount > 0 ? maxCount : options.LanesPerPartition).Select(batch => Of(batch, isReminder: false)));
        return Task.FromResult<IList<IBatchContainer>>(containers);
    }

    private KafkaBatchContainer Of(LaneBatch batch, bool isReminder) =>
        new(LaneStreamId.Of(options.StreamNamespace, batch.Partition, batch.Lane), batch, isReminder);

    // The cache has told the reader already: what is delivered and what may leave the cache are two things here.
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    // The agent's time limit bounds how long it waits, not what is committed: the reader goes on until it has.
    public async Task Shutdown(TimeSpan timeout)
    {
        if (_reader is { } reader)
        {
            Cache.TellDelivered();
            await reader.StopAsync().WaitAsync(timeout);
        }
    }

    public Task StopAsync() => _reader?.StopAsync() ?? Task.CompletedTask;

    public async Task OnDeliveryFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken sequenceToken)
    {
        if (sequenceToken is null || _reader is not { } reader || Cache.Find(streamIdentity, sequenceToken) is not { } batch)
        {
            return;
        }

        LogGaveUp(batch.Partition, batch.Lane, batch.Records[0].Offset, batch.LastOffset);
        await reader.SetAsideAsync(batch, "not-delivered", "The lane's consumer failed for longer than MaxEventDeliveryTime.");
    }

    public Task OnSubscriptionFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken sequenceToken)
    {
        // A handshake that failed delivers nothing; the batches stay in the cache, and the agent begins a new cursor at the oldest.
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Lane {Lane} of partition {Partition} failed for longer than 'MaxEventDeliveryTime'; offsets {First} to {Last} go "
        + "to the dead-letter topic.")]
    private partial void LogGaveUp(int partition, int lane, long first, long last);
}
