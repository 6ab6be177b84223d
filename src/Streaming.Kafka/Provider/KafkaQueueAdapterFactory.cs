using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Reading;
using Personalization.Kafka.Records;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>Makes the parts of one stream provider, and keeps what they share.</summary>
internal sealed class KafkaQueueAdapterFactory : IQueueAdapterFactory, IQueueAdapterCache, IAsyncDisposable, IDisposable
{
    private readonly string _name;
    private readonly KafkaStreamOptions _options;
    private readonly KafkaReading _shared;
    private readonly KafkaTopic _topic;
    private readonly KafkaQueueMapper _mapper;
    private readonly ILoggerFactory _loggers;
    private readonly ConcurrentDictionary<QueueId, KafkaQueue> _queues = new();
    private int _knownAtFirst;
    private KafkaGroupMember? _member;
    private int _disposed;

    public KafkaQueueAdapterFactory(string name, IServiceProvider services)
    {
        _name = name;
        _options = services.GetRequiredService<IOptionsMonitor<KafkaStreamOptions>>().Get(name);
        _loggers = services.GetRequiredService<ILoggerFactory>();
        _shared = new KafkaReading(
            _options,
            services.GetKeyedService<IKafkaRecordFormat>(name) ?? services.GetService<IKafkaRecordFormat>() ?? new EventRecordFormat(),
            services.GetKeyedService<IDurableOffsets>(name) ?? services.GetService<IDurableOffsets>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            _loggers.CreateLogger<KafkaPartitionReader>());
        _topic = _shared.Topic;
        _mapper = new KafkaQueueMapper(name, _topic);
        _topic.Grew += before => _knownAtFirst = before == 0 ? _topic.Partitions : _knownAtFirst;
    }

    /// <summary>Gets the queues of the partitions.</summary>
    public KafkaQueueMapper Queues => _mapper;

    /// <summary>Joins the group that owns the partitions. The balancer leaves it; of a silo that was torn down, this does.</summary>
    public KafkaGroupMember JoinGroup(Func<Task> changed)
    {
        _member = new KafkaGroupMember(_options, changed, _loggers.CreateLogger<KafkaGroupMember>());
        _member.Start();
        return _member;
    }

    /// <summary>Gets the topic, for a balancer that follows its growth.</summary>
    public KafkaTopic Topic => _topic;

    public static KafkaQueueAdapterFactory Create(IServiceProvider services, string name) =>
        services.GetRequiredKeyedService<KafkaQueueAdapterFactory>(name);

    // A silo starts with its brokers down: it then owns no partition until the topic is seen.
    public Task<IQueueAdapter> CreateAdapter()
    {
        _topic.Watch();
        return Task.FromResult<IQueueAdapter>(new KafkaQueueAdapter(_name, queue => _queues[queue]));
    }

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    // An agent that gets a queue back asks for its cache first, then for its receiver; both begin anew.
    public IQueueCache CreateQueueCache(QueueId queueId)
    {
        var queue = NewQueue(queueId);
        _queues[queueId] = queue;
        return queue.Cache;
    }

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new FailuresOf(() => _queues[queueId]));

    // Agents that were stopped in order have stopped their readers; those of a silo that was torn down have not.
    public async ValueTask DisposeAsync()
    {
        // The container holds it under two names, and disposes of each.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await Task.WhenAll(_queues.Values.Select(queue => queue.StopAsync())).ConfigureAwait(false);
        if (_member is not null)
        {
            await _member.DisposeAsync().ConfigureAwait(false);
        }

        await _shared.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private KafkaQueue NewQueue(QueueId queueId)
    {
        var partition = KafkaQueueMapper.PartitionOf(queueId);
        return new KafkaQueue(_options, Open, _loggers.CreateLogger<KafkaQueue>());

        KafkaPartitionReader Open() => new(_shared, partition, partition >= _knownAtFirst ? KafkaStartPosition.Earliest : null);
    }

    /// <summary>Failures go to the queue as it is now; the agent keeps one handler over several lives of the queue.</summary>
    private sealed class FailuresOf(Func<KafkaQueue> queue) : IStreamFailureHandler
    {
        public bool ShouldFaultSubsriptionOnError => false;

        public Task OnDeliveryFailure(
            GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken sequenceToken) =>
            queue().OnDeliveryFailure(subscriptionId, streamProviderName, streamIdentity, sequenceToken);

        public Task OnSubscriptionFailure(
            GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken sequenceToken) =>
            queue().OnSubscriptionFailure(subscriptionId, streamProviderName, streamIdentity, sequenceToken);
    }
}
