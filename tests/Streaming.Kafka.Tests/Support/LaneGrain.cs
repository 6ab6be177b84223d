using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;
using Personalization.Core.Events;
using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Streaming.Kafka.Provider;

namespace Personalization.Streaming.Kafka.Tests.Support;

[Alias("kafka.tests.lane")]
public interface ILaneGrain : IGrainWithStringKey;

/// <summary>The consumer of a lane, with write-behind: it holds events in memory, stores them later, and reports what is stored.</summary>
[ImplicitStreamSubscription("events")]
internal sealed class LaneGrain(Board board, KafkaStreamOptions options) : Grain, ILaneGrain, IStreamSubscriptionObserver,
    IAsyncBatchObserver<Event>
{
    private readonly List<SequentialItem<Event>> _held = [];
    private int _deliveries;

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        if (board.Attach)
        {
            var (partition, lane) = LaneStreamId.Parse(this.GetPrimaryKeyString());
            var durable = await board.Offsets.ReadAsync([LaneKey.Of(options, partition, lane)], default);
            await handleFactory.Create<Event>().ResumeAsync(this, LaneStreamId.After(durable[0]));
        }
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(() => board.StoreInTime ? StoreAsync() : Task.CompletedTask,
            new GrainTimerCreationOptions(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50)));
        return Task.CompletedTask;
    }

    public async Task OnNextAsync(IList<SequentialItem<Event>> items)
    {
        var offsets = items.Select(item => item.Token.SequenceNumber).ToArray();
        board.Deliveries.Add((this.GetPrimaryKeyString(), offsets));
        await board.Gate;
        board.Meet(this.GetPrimaryKeyString(), offsets);
        _held.AddRange(items);
        if (++_deliveries % board.StoreEvery == 0)
        {
            await StoreAsync();
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private async Task StoreAsync()
    {
        if (_held.Count == 0)
        {
            return;
        }

        foreach (var item in _held)
        {
            board.Store(item.Item.PersonId, item.Item.MessageId, item.Token.SequenceNumber);
        }

        var (partition, lane) = LaneStreamId.Parse(this.GetPrimaryKeyString());
        await board.Offsets.ReportAsync(LaneKey.Of(options, partition, lane), _held[^1].Token.SequenceNumber, default);
        _held.Clear();
    }
}
