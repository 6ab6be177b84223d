using System.Text;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Producing;
using Personalization.Kafka.Reading;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Streaming.Kafka.Tests.Partitions;

/// <remarks>The mock can't add partitions; a number pinned below what the topic has is what a grown topic looks like.</remarks>
public sealed class PinnedPartitionTests : IDisposable
{
    private readonly MockKafka _kafka = new();
    private readonly InMemoryDurableOffsets _positions = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task A_producer_puts_a_key_where_the_Java_client_does()
    {
        _kafka.Create(4);
        using var pinned = new KafkaEventProducer(Pinned(), _log.For<KafkaEventProducer>(), _positions);
        using var client = new KafkaEventProducer(_kafka.Options(), _log.For<KafkaEventProducer>());
        for (var person = 0; person < 20; person++)
        {
            var source = Some.Event(0, person, 20);
            Assert.Equal((await client.ProduceAsync(source)).Partition, (await pinned.ProduceAsync(source)).Partition);
        }
    }

    [Fact]
    public async Task Nobody_moves_when_the_topic_has_more_partitions_than_keys_are_spread_over()
    {
        _kafka.Create(4);
        await _positions.PinPartitionsAsync("events", 0, 2, default);
        using var producer = new KafkaEventProducer(Pinned(), _log.For<KafkaEventProducer>(), _positions);
        for (var person = 0; person < 20; person++)
        {
            var source = Some.Event(0, person, 20);
            Assert.Equal(KeyPartition.Of(EventRecord.KeyOf(source), 2), (await producer.ProduceAsync(source)).Partition);
        }
    }

    [Fact]
    public async Task A_record_that_another_program_wrote_to_a_new_partition_is_written_again_where_its_key_belongs()
    {
        _kafka.Create(4);
        await _positions.PinPartitionsAsync("events", 0, 2, default);
        var source = Some.Event(0, 0, 1);
        var right = KeyPartition.Of(EventRecord.KeyOf(source), 2);
        await _kafka.WriteAsync(3, source);

        await using (var there = new PartitionReading(Pinned(), partition: 3, durable: _positions))
        await using (var here = new PartitionReading(Pinned(), partition: right, durable: _positions))
        {
            var batch = Assert.Single(await here.TakeAsync(1));
            Assert.Equal("3/0", Encoding.UTF8.GetString(batch.Records[0].Header(KeyedPartitions.FoundHeader)));
            Assert.Equal(source.MessageId, ((Event)batch.Records[0].Item!).MessageId);
            here.Reader.Delivered(batch);
            await there.Log.Line($"belongs to partition {right} of 2");
            Assert.Empty(there.Reader.Take(64));
        }

        // It is done with at the one place as soon as it lies at the other.
        Assert.Equal((1, 1), (_kafka.Committed(3), _kafka.Committed(right)));
    }

    [Fact]
    public async Task The_records_of_one_key_keep_their_order_when_they_are_written_again()
    {
        _kafka.Create(4);
        await _positions.PinPartitionsAsync("events", 0, 1, default);
        await _kafka.WriteAsync(2, 200, 3);

        await using var there = new PartitionReading(Pinned(), partition: 2, durable: _positions);
        await using var here = new PartitionReading(Pinned(), partition: 0, durable: _positions);
        var events = (await here.TakeAsync(200)).SelectMany(batch => batch.Records).OrderBy(record => record.Offset)
            .Select(record => (Event)record.Item!);
        Assert.All(events.GroupBy(read => read.PersonId), person =>
            Assert.Equal(person.Select(read => read.MessageId).Order(StringComparer.Ordinal), person.Select(read => read.MessageId)));
    }

    [Fact]
    public async Task A_record_that_two_services_put_right_differently_becomes_a_dead_letter_and_does_not_travel_for_ever()
    {
        _kafka.Create(4);
        var other = new InMemoryDurableOffsets();
        await _positions.PinPartitionsAsync("events", 0, 1, default);
        await other.PinPartitionsAsync("events", 0, 4, default);
        var source = Enumerable.Range(0, 20).Select(person => Some.Event(0, person, 20))
            .First(candidate => KeyPartition.Of(EventRecord.KeyOf(candidate), 4) == 2);
        await _kafka.WriteAsync(3, source);

        await using var ours = new PartitionReading(Pinned(), partition: 3, durable: _positions);
        await ours.Log.Line("belongs to partition 0 of 1");
        await using var theirs = new PartitionReading(Pinned(options => options.Group = "other"), partition: 0, durable: other);

        var letter = Assert.Single(_kafka.Read("events.dead-letters", 1));
        Assert.Equal("misplaced", Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(KafkaDeadLetters.ReasonHeader)));
    }

    private KafkaStreamOptions Pinned(Action<KafkaStreamOptions>? configure = null) => _kafka.Options(options =>
    {
        options.PinPartitions = true;
        configure?.Invoke(options);
    });
}
