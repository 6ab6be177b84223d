using Orleans.Runtime;
using Orleans.Streams;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>
/// Reads; writing goes to Kafka directly, with <see cref="Personalization.Kafka.Producing.KafkaEventProducer"/> or any other producer.
/// </summary>
internal sealed class KafkaQueueAdapter(string name, Func<QueueId, IQueueAdapterReceiver> receiver) : IQueueAdapter
{
    public string Name => name;

    // As far back as what is not durable: a consumer that lost its memory asks for what it had not stored.
    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => receiver(queueId);

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken token, Dictionary<string, object> requestContext) =>
        throw new NotSupportedException($"Stream provider '{name}' only reads. Write to the topic with a Kafka producer.");
}
