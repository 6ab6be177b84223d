using Confluent.Kafka;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Silo.Tests;

/// <summary>Reads the whole topic as it grows, because the broker of these tests soon forgets: what the cluster was really fed.</summary>
internal sealed class LogReader : IDisposable
{
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private readonly List<(int Partition, Event Event)> _events = [];

    public LogReader(MockKafka kafka, int partitions)
    {
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Brokers, GroupId = "log-reader" }).Build();
        _consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(kafka.Topic, partition, Offset.Beginning)));
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits until nothing new comes for a while, and gives all events, each partition's in order.</summary>
    public async Task<IReadOnlyList<Event>> FinishAsync()
    {
        for (var seen = -1; seen != Count;)
        {
            seen = Count;
            await Task.Delay(TimeSpan.FromSeconds(2));
        }

        await _stop.CancelAsync();
        await _reading;
        return [.. _events.OrderBy(entry => entry.Partition).Select(entry => entry.Event)];
    }

    public void Dispose()
    {
        _stop.Cancel();
        _reading.Wait();
        _consumer.Dispose();
        _stop.Dispose();
    }

    private int Count
    {
        get
        {
            lock (_events)
            {
                return _events.Count;
            }
        }
    }

    private void Read()
    {
        try
        {
            while (true)
            {
                var record = _consumer.Consume(_stop.Token);
                var read = EventRecord.Read(record.Message.Key, record.Message.Value, record.Message.Headers.GetLastBytes(EventRecord.VersionHeader));
                lock (_events)
                {
                    _events.Add((record.Partition.Value, read.Event ?? throw new InvalidDataException(read.Detail)));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
