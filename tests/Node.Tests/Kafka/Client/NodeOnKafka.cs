using Microsoft.Extensions.Logging;
using Personalization.Core.Events;
using Personalization.Node.Kafka;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Node.Tests.Kafka;

/// <summary>A node in this process that keeps its events in a topic, and can be stopped and started.</summary>
internal sealed class NodeOnKafka : IDisposable
{
    private readonly MockKafka _kafka;
    private readonly string _folder;
    private NodePersonalizer? _node;

    public NodeOnKafka(MockKafka kafka, string folder)
    {
        (_kafka, _folder) = (kafka, folder);
        _node = Open();
    }

    public NodePersonalizer Node => _node ?? throw new InvalidOperationException("It is stopped.");

    public RecordedLog Log { get; private set; } = new();

    /// <summary>What makes the mock answer as a real broker does: it does not wake a reader that waits.</summary>
    public static string[] Properties => ["fetch.wait.max.ms=10", "reconnect.backoff.max.ms=200", "socket.timeout.ms=3000"];

    public void Restart()
    {
        Stop();
        Log = new RecordedLog();
        _node = Open();
    }

    public void Stop()
    {
        _node?.Dispose();
        _node = null;
    }

    public void Dispose() => Stop();

    /// <summary>Waits until a person has a number of events.</summary>
    public async Task UntilAsync(string person, long events)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await CountAsync(person) < events)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    public async Task<long> CountAsync(string person) =>
        (await Node.FindProfileAsync(person, default))?.Events.Sum(type => type.Value["total"]) ?? 0;

    public static Event Click(string person, int number) => new()
    {
        MessageId = $"{person}-{number}",
        Type = "click",
        Timestamp = 1_700_000_000_000 + number,
        ReceivedAt = 1_700_000_000_000 + number,
        AnonymousId = person,
    };

    private NodePersonalizer Open() => NodePersonalizer.Open(
        new NodeOptions { DataFolder = _folder, Events = new KafkaAddress(_kafka.Brokers, _kafka.Topic), KafkaProperties = Properties },
        TimeProvider.System,
        new LoggerFactory([Log]));
}
