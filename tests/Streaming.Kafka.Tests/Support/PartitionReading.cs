using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Reading;
using Personalization.Kafka.Records;

namespace Personalization.Streaming.Kafka.Tests.Support;

/// <summary>A reader of one partition with its surroundings, and its batches taken one by one.</summary>
internal sealed class PartitionReading : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly KafkaReading _shared;

    public PartitionReading(
        KafkaStreamOptions options, int partition = 0, IFoldedPositions? durable = null, IKafkaRecordFormat? format = null)
    {
        _shared = new KafkaReading(
            options, format ?? new EventRecordFormat(), durable, TimeProvider.System, Log.For<KafkaPartitionReader>());
        _shared.Topic.Watch();
        Reader = new KafkaPartitionReader(_shared, partition);
        Reader.Start();
    }

    public RecordedLog Log { get; } = new();

    public KafkaPartitionReader Reader { get; }

    /// <summary>Takes batches until they hold a number of records.</summary>
    public async Task<List<LaneBatch>> TakeAsync(int records)
    {
        using var limit = new CancellationTokenSource(Patience);
        var batches = new List<LaneBatch>(Reader.Take(64));
        while (batches.Sum(batch => batch.Records.Count) < records)
        {
            await Reader.WaitAsync(limit.Token);
            while (Reader.Take(64) is { Count: > 0 } taken)
            {
                batches.AddRange(taken);
            }
        }

        return batches;
    }

    /// <summary>Takes and delivers records, and gives their offsets in order.</summary>
    public async Task<List<long>> DeliverAsync(int records)
    {
        var batches = await TakeAsync(records);
        batches.ForEach(Reader.Delivered);
        return Offsets(batches);
    }

    public static List<long> Offsets(IEnumerable<LaneBatch> batches) =>
        [.. batches.SelectMany(batch => batch.Records).Select(record => record.Offset).Order()];

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _shared.DisposeAsync();
    }
}
