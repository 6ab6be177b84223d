using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Kafka;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Personalization.Streaming.Kafka.Tests.Support;

/// <summary>A broker that speaks Kafka's protocol on real sockets: librdkafka's mock cluster, with the faults it can play.</summary>
/// <remarks>
/// It keeps at most 5 MiB of a partition, never compacts, and loses all when disposed; so retention, compaction, transactions and
/// broker crashes are not shown by these tests.
/// </remarks>
internal sealed partial class MockKafka : IDisposable
{
    private const string Native = "librdkafka";
    private readonly IProducer<byte[]?, byte[]?> _host;
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly nint _cluster;
    private readonly ConcurrentBag<IDisposable> _clients = [];

    public MockKafka()
    {
        _host = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = "127.0.0.1:1" })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        var handle = typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(_host.Handle);
        _cluster = NewCluster(((SafeHandle)handle!).DangerousGetHandle(), 1);
        Brokers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = Brokers, Acks = Acks.All })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
    }

    public string Brokers { get; }

    public string Topic { get; } = "events";

    public void Create(int partitions) => Check(CreateTopic(_cluster, Topic, partitions, 1));

    public void Delete() => Check(DeleteTopic(_cluster, Topic));

    /// <summary>Deletes the records before an offset, as retention would.</summary>
    public void Expire(int partition, long before) => Check(DeleteRecords(_cluster, Topic, partition, before));

    public void Down() => Check(SetDown(_cluster, 1));

    public void Up() => Check(SetUp(_cluster, 1));

    /// <summary>Fails the next requests of a kind, each with one of the errors.</summary>
    public void Fail(ApiKey request, params ErrorCode[] errors) =>
        PushErrors(_cluster, (short)request, (nuint)errors.Length, [.. errors.Select(error => (int)error)]);

    public KafkaStreamOptions Options(Action<KafkaStreamOptions>? configure = null)
    {
        var options = new KafkaStreamOptions { Brokers = Brokers, Topic = Topic, Group = "tests", LanesPerPartition = 4,
            MaxRetryDelay = TimeSpan.FromMilliseconds(200) };
        options.Client["reconnect.backoff.max.ms"] = "200";
        options.Client["socket.timeout.ms"] = "3000";
        configure?.Invoke(options);
        return options;
    }

    public async Task<long> WriteAsync(int partition, byte[]? key, byte[]? value, string? version = "1")
    {
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = [] };
        if (version is not null)
        {
            message.Headers.Add(EventRecord.VersionHeader, System.Text.Encoding.UTF8.GetBytes(version));
        }

        return (await _producer.ProduceAsync(new TopicPartition(Topic, partition), message)).Offset.Value;
    }

    public Task<long> WriteAsync(int partition, Event source) =>
        WriteAsync(partition, EventRecord.KeyOf(source), EventRecord.ValueOf(source));

    /// <summary>Writes events of some people in turn, each numbered per person in its <see cref="Event.MessageId"/>.</summary>
    public async Task WriteAsync(int partition, int events, int people, int first = 0)
    {
        for (var from = first; from < first + events; from += 100)
        {
            await Task.WhenAll(Enumerable.Range(from, Math.Min(100, first + events - from))
                .Select(i => WriteAsync(partition, Some.Event(partition, i, people))));
        }
    }

    public long? Committed(int partition, string group = "tests")
    {
        var offset = Reader(group).Committed([new TopicPartition(Topic, partition)], TimeSpan.FromSeconds(20))[0].Offset;
        return offset.IsSpecial ? null : offset.Value;
    }

    /// <summary>Gets one more than the newest offset of a partition.</summary>
    public long End(int partition) =>
        Reader("ends").QueryWatermarkOffsets(new TopicPartition(Topic, partition), TimeSpan.FromSeconds(20)).High.Value;

    public void Commit(int partition, long position, string group = "tests") =>
        Reader(group).Commit([new TopicPartitionOffset(Topic, partition, position)]);

    /// <summary>Reads a number of records of a topic from its beginning, over all partitions.</summary>
    public List<ConsumeResult<byte[]?, byte[]?>> Read(string topic, int count)
    {
        var reader = Reader("reader-of-" + topic);
        reader.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var read = new List<ConsumeResult<byte[]?, byte[]?>>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (read.Count < count)
        {
            read.Add(reader.Consume(limit.Token));
        }

        reader.Unassign();
        return read;
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _producer.Dispose();
        DestroyCluster(_cluster);
        _host.Dispose();
    }

    private IConsumer<byte[]?, byte[]?> Reader(string group)
    {
        var reader = new ConsumerBuilder<byte[]?,
            byte[]?>(new ConsumerConfig { BootstrapServers = Brokers, GroupId = group, EnableAutoCommit = false })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        _clients.Add(reader);
        return reader;
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"The mock cluster refused: {(ErrorCode)error}.");
        }
    }

    /// <summary>Kafka's numbers of the requests that tests let fail.</summary>
    internal enum ApiKey : short
    {
        Produce = 0,
        Fetch = 1,
        OffsetCommit = 8,
        OffsetFetch = 9,
    }

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_topic_delete", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int DeleteTopic(nint cluster, string topic);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_partition_delete_records", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int DeleteRecords(nint cluster, string topic, int partition, long before);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(nint cluster, int broker);

    [LibraryImport(Native, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrors(nint cluster, short request, nuint count, int[] errors);
}
