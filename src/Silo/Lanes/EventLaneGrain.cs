using Orleans.Concurrency;
using Orleans.Streams;
using Orleans.Streams.Core;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Grains;
using Personalization.Grains.Lanes;
using Personalization.Grains.Learning;
using Personalization.Streaming.Kafka.Durability;
using Personalization.Streaming.Kafka.Provider;
using Personalization.Streaming.Kafka.Reading;
using Personalization.Streaming.Kafka.Records;

namespace Personalization.Silo.Lanes;

/// <summary>Consumes one lane of the log: brings events to profiles, has them stored now and then, and says how far that is.</summary>
/// <remarks>A batch that throws comes again. What it had folded of it is known by its positions.</remarks>
[ImplicitStreamSubscription(Topics.StreamNamespace)]
internal sealed partial class EventLaneGrain(
    SiloOptions options,
    LaneNames lanes,
    KafkaDeadLetters deadLetters,
    IDurableOffsets durable,
    SharedKnowledge knowledge,
    ITrainingMemory training,
    TimeProvider time,
    Vocabulary words,
    ILogger<EventLaneGrain> logger) : Grain, IEventLaneGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<Event>
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private LaneFolder _folder = null!;
    private LaneKey _lane;
    private long _applied = -1;
    private long _durable = -1;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var (partition, lane) = LaneStreamId.Parse(this.GetPrimaryKeyString());
        _lane = lanes.Of(partition, lane);
        _folder = new LaneFolder(GrainFactory, knowledge, new LaneSessions(training, words, time), words, SetAsideAsync);

        // Lanes that began together need not flush together.
        var due = FlushInterval * (1 + Random.Shared.NextDouble());
        this.RegisterGrainTimer(FlushAsync, new GrainTimerCreationOptions(due, FlushInterval) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        // What an activation before this one took and did not have stored comes again.
        var stored = (await durable.ReadAsync([_lane], CancellationToken.None))[0];
        _durable = Math.Max(_durable, stored ?? -1);
        await handleFactory.Create<Event>().ResumeAsync(this, LaneStreamId.After(stored));
    }

    public async Task OnNextAsync(IList<SequentialItem<Event>> items)
    {
        await _folder.FoldAsync([.. items.Select(item => new LaneEvent(item.Item, LogPosition.Of(options.TopicEpoch, item.Token.SequenceNumber)))]);
        _applied = Math.Max(_applied, items[^1].Token.SequenceNumber);
    }

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamError(ex);
        return Task.CompletedTask;
    }

    private async Task SetAsideAsync(IReadOnlyList<LaneEvent> events, string reason)
    {
        foreach (var entry in events)
        {
            var record = new KafkaRecord
            {
                Partition = _lane.Partition,
                Offset = LogPosition.OffsetOf(entry.Position),
                Key = EventRecord.KeyOf(entry.Event),
                Value = EventRecord.ValueOf(entry.Event),
                Headers = [new KafkaHeader(EventRecord.VersionHeader, EventRecord.VersionValue.ToArray())],
            };
            await deadLetters.WriteAsync(record, new RecordRefusal("unreadable-profile", reason), CancellationToken.None);
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        // Whatever is applied now is what the flush covers; batches that come meanwhile wait for the next one.
        var through = _applied;
        if (through <= _durable)
        {
            return;
        }

        try
        {
            await _folder.FlushAsync();
            await durable.ReportAsync(_lane, through, cancellation);
            _durable = through;
        }
#pragma warning disable CA1031 // Nothing is lost: the log is kept until a later flush succeeds.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotFlushed(exception, through);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream reported an error; it goes on.")]
    private partial void LogStreamError(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Profiles could not be stored through offset {Offset}; the next flush tries again.")]
    private partial void LogNotFlushed(Exception exception, long offset);
}
