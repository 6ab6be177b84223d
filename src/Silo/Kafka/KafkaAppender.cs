using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Grains;
using Personalization.Streaming.Kafka.Producing;

namespace Personalization.Silo.Kafka;

/// <summary>Appends events to the topic.</summary>
internal sealed class KafkaAppender(KafkaEventProducer producer, SiloOptions options, TimeProvider time) : IEventAppender
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public async ValueTask<IReadOnlyList<Remainder>> RemaindersAsync() => await TopicRetention.ReadAsync(options, time);

    public async ValueTask<long[]> AppendAsync(IReadOnlyList<Event> events, CancellationToken cancellation)
    {
        // Started in order and awaited together: a person's events keep their order, and the batch pays for one round trip.
        var writing = new Task<KafkaPosition>[events.Count];
        for (var i = 0; i < writing.Length; i++)
        {
            writing[i] = producer.ProduceAsync(events[i], cancellation);
        }

        try
        {
            var written = await Task.WhenAll(writing);
            return [.. written.Select(position => LogPosition.Of(options.TopicEpoch, position.Offset))];
        }
        catch (EventNotStoredException exception)
        {
            throw new UnavailableException(exception.Message, RetryAfter, exception);
        }
    }
}
