using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Streams;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Records;
using Personalization.Streaming.Kafka.Provider;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Streaming.Kafka.Tests.Provider;

public sealed class KafkaBatchContainerTests
{
    [Fact]
    public void A_batch_reaches_another_silo_with_its_events_and_their_offsets()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var there = (KafkaBatchContainer)serializer.Deserialize<IBatchContainer>(
            serializer.SerializeToArray<IBatchContainer>(Container()))!;

        Assert.Null(there.Batch);
        Assert.Equal((LaneStreamId.Of("events", 3, 1), 9), (there.StreamId, there.SequenceToken.SequenceNumber));
        Assert.Equal([(7, "00000000"), (9, "00000001")],
            there.GetEvents<Event>().Select(item => (item.Item2.SequenceNumber, item.Item1.MessageId)));
        Assert.Equal([7, 9], there.GetEvents<KafkaRecord>().Select(item => item.Item1.Offset));
    }

    [Fact]
    public void On_the_same_silo_events_are_not_read_again()
    {
        var container = Container();
        Assert.Same(container.GetEvents<Event>().First().Item1, container.GetEvents<Event>().First().Item1);
    }

    [Fact]
    public void A_subscriber_to_something_else_is_told_what_there_is()
    {
        var wrong = Assert.Throws<InvalidCastException>(() => Container().GetEvents<string>().Count());
        Assert.Contains("Subscribe to KafkaRecord", wrong.Message, StringComparison.Ordinal);
    }

    private static KafkaBatchContainer Container() =>
        new(LaneStreamId.Of("events", 3, 1), new LaneBatch(3, 1, [Record(7, 0), Record(9, 1)]));

    private static KafkaRecord Record(long offset, int i)
    {
        var source = Some.Event(3, i, 1);
        return new KafkaRecord
        {
            Partition = 3,
            Offset = offset,
            Key = EventRecord.KeyOf(source),
            Value = EventRecord.ValueOf(source),
            Headers = [new KafkaHeader(EventRecord.VersionHeader, EventRecord.VersionValue.ToArray())],
            Item = source,
        };
    }
}
