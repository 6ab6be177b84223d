using System.Text;
using Confluent.Kafka;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Consuming;
using Personalization.Kafka.Producing;
using Personalization.Kafka.Records;
using Personalization.Streaming.Kafka.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Personalization.Streaming.Kafka.Tests;

public sealed class ProducerAndConsumerTests : IDisposable
{
    private readonly MockKafka _kafka = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task A_produced_event_lies_where_the_producer_says_and_can_be_read()
    {
        _kafka.Create(4);
        using var producer = new KafkaEventProducer(_kafka.Options(), _log.For<KafkaEventProducer>());
        var first = await producer.ProduceAsync(Some.Event(0, 0, 1));
        var second = await producer.ProduceAsync(Some.Event(0, 1, 1));

        var read = _kafka.Read("events", 2);
        Assert.Equal([(first.Partition, first.Offset), (second.Partition, second.Offset)],
            read.Select(record => (record.Partition.Value, record.Offset.Value)));
        Assert.Equal(first.Partition, second.Partition);
        Assert.All(read, record => Assert.Equal(
            PoisonReason.None,
            EventRecord.Read(record.Message.Key, record.Message.Value, record.Message.Headers.GetLastBytes(EventRecord.VersionHeader))
                .Reason));
    }

    [Fact]
    public async Task An_event_that_the_brokers_refuse_fails_loudly()
    {
        _kafka.Create(1);
        using var producer = new KafkaEventProducer(_kafka.Options(), _log.For<KafkaEventProducer>());
        await producer.ProduceAsync(Some.Event(0, 0, 1));
        _kafka.Fail(MockKafka.ApiKey.Produce, ErrorCode.TopicAuthorizationFailed);

        var failure = await Assert.ThrowsAsync<EventNotStoredException>(() => producer.ProduceAsync(Some.Event(0, 1, 1)));
        Assert.Contains("'events'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_the_brokers_can_not_take_in_time_fails_loudly()
    {
        using var producer = new KafkaEventProducer(
            _kafka.Options(options => (options.Brokers, options.Client["message.timeout.ms"], options.RequestTimeout) = (
                "127.0.0.1:1", "300", TimeSpan.FromMilliseconds(1))),
            _log.For<KafkaEventProducer>());

        await Assert.ThrowsAsync<EventNotStoredException>(() => producer.ProduceAsync(Some.Event(0, 0, 1)));
    }

    [Fact]
    public async Task A_consumer_without_Orleans_takes_every_event_in_order_and_goes_on_where_it_stopped()
    {
        _kafka.Create(2);
        var board = new Board();
        await _kafka.WriteAsync(0, 200, 10);
        await _kafka.WriteAsync(1, 200, 10);
        await using (var consumer = new KafkaEventConsumer(_kafka.Options(), TakeInto(board), _log.For<KafkaEventConsumer>()))
        {
            consumer.Start();
            await board.StoredAsync(400);
        }

        Assert.Equal((200, 200), (_kafka.Committed(0), _kafka.Committed(1)));
        await _kafka.WriteAsync(1, 100, 10, first: 200);
        await using (var consumer = new KafkaEventConsumer(_kafka.Options(), TakeInto(board), _log.For<KafkaEventConsumer>()))
        {
            consumer.Start();
            await board.StoredAsync(500);
        }

        board.AssertComplete(500);
        Assert.Equal(500, board.Deliveries.All.Sum(delivery => delivery.Offsets.Length));
    }

    [Fact]
    public async Task A_batch_that_its_function_refuses_comes_again_before_anything_else_of_its_lane()
    {
        _kafka.Create(1);
        var board = new Board();
        var failures = 0;
        board.Meet = (_, offsets) =>
        {
            if (offsets.Contains(1) && ++failures <= 3)
            {
                throw new InvalidOperationException("Not now.");
            }
        };
        await _kafka.WriteAsync(0, 5, 1);
        await using (var consumer = new KafkaEventConsumer(
            _kafka.Options(options => options.MaxBatchRecords = 1), TakeInto(board), _log.For<KafkaEventConsumer>()))
        {
            consumer.Start();
            await board.StoredAsync(5);
        }

        board.AssertComplete(5);
        Assert.Equal(5, _kafka.Committed(0));
        await _log.Line("failed on offsets 1 to 1");
    }

    [Fact]
    public async Task Records_of_another_kind_can_be_read_as_they_are()
    {
        _kafka.Create(1);
        var taken = new Signal<KafkaRecord>();
        await _kafka.WriteAsync(0, null, "plain"u8.ToArray(), version: null);
        await using var consumer = new KafkaEventConsumer(
            _kafka.Options(),
            (batch, _) =>
            {
                batch.Records.ToList().ForEach(taken.Add);
                return Task.CompletedTask;
            },
            _log.For<KafkaEventConsumer>(),
            format: new PlainRecordFormat());
        consumer.Start();

        Assert.Equal("plain", Encoding.UTF8.GetString((await taken.FirstAsync(_ => true)).Value!));
    }

    private static Func<LaneBatch, CancellationToken, Task> TakeInto(Board board) => (batch, _) =>
    {
        var offsets = batch.Records.Select(record => record.Offset).ToArray();
        board.Deliveries.Add(($"{batch.Partition}-{batch.Lane}", offsets));
        board.Meet("", offsets);
        foreach (var record in batch.Records)
        {
            var read = EventRecord.Read(record.Key, record.Value, record.Header(EventRecord.VersionHeader)).Event!;
            board.Store(read.PersonId, read.MessageId, record.Offset);
        }

        return Task.CompletedTask;
    };
}
