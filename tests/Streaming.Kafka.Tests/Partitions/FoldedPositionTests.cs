using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Streaming.Kafka.Tests.Partitions;

public sealed class FoldedPositionTests : IDisposable
{
    private readonly MockKafka _kafka = new();

    public FoldedPositionTests() => _kafka.Create(1);

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task The_position_is_saved_beside_the_state_before_it_is_committed()
    {
        var (options, positions) = (_kafka.Options(), new InMemoryDurableOffsets());
        await _kafka.WriteAsync(0, 10, 2);
        await using (var reading = new PartitionReading(options, durable: positions))
        {
            await reading.DeliverAsync(10);
        }

        Assert.Equal(10, await positions.FindAsync(PartitionKey.Of(options, 0), default));
        Assert.Equal(10, _kafka.Committed(0));
    }

    [Fact]
    public async Task Reading_goes_on_where_a_store_that_was_set_back_ends_and_the_commit_does_not_go_back()
    {
        var (options, positions) = (_kafka.Options(), new InMemoryDurableOffsets());
        await positions.SaveAsync(PartitionKey.Of(options, 0), 4, default);
        await _kafka.WriteAsync(0, 10, 2);
        _kafka.Commit(0, 8);

        await using (var reading = new PartitionReading(options, durable: positions))
        {
            Assert.Equal([4, 5], (await reading.DeliverAsync(6)).Take(2));
            await reading.Log.Line("is read from offset 4, where the stored state ends; the group had committed 8");
            await reading.Reader.CommitAsync(default);
            Assert.Equal(10, await positions.FindAsync(PartitionKey.Of(options, 0), default));
        }

        Assert.Equal(10, _kafka.Committed(0));
    }

    [Fact]
    public async Task What_is_folded_again_after_a_set_back_is_saved_long_before_it_reaches_the_commit()
    {
        var options = _kafka.Options(set => (set.CommitInterval, set.MaxBatchRecords) = (TimeSpan.FromHours(1), 1));
        var positions = new InMemoryDurableOffsets();
        await _kafka.WriteAsync(0, 10, 1);
        _kafka.Commit(0, 8);
        await using var reading = new PartitionReading(options, durable: positions);

        var batches = (await reading.TakeAsync(10)).OrderBy(batch => batch.LastOffset).ToList();
        batches.Take(3).ToList().ForEach(reading.Reader.Delivered);
        await reading.Reader.CommitAsync(default);

        Assert.Equal(3, await positions.FindAsync(PartitionKey.Of(options, 0), default));
        Assert.Equal(8, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_lost_store_is_filled_again_from_the_first_record()
    {
        await _kafka.WriteAsync(0, 10, 2);
        _kafka.Commit(0, 8);

        await using var reading = new PartitionReading(_kafka.Options(), durable: new InMemoryDurableOffsets());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), await reading.DeliverAsync(10));
    }
}
