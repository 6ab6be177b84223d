using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Kafka.Records;
using Personalization.Streaming.Kafka.Provider;

namespace Personalization.Streaming.Kafka.Tests.Provider;

public sealed class KafkaQueueCacheTests
{
    private static readonly StreamId Lane = LaneStreamId.Of("events", 0, 0);
    private readonly List<long> _delivered = [];
    private readonly KafkaQueueCache _cache;
    private long _durable = long.MaxValue;

    public KafkaQueueCacheTests() =>
        _cache = new KafkaQueueCache(
            4) { Delivered = batch => _delivered.Add(batch.LastOffset), IsDurable = batch => batch.LastOffset <= _durable };

    [Fact]
    public void A_batch_is_delivered_when_the_cursor_moves_on_and_not_when_it_is_handed_out()
    {
        Add(1, 2);
        using var cursor = _cache.GetCacheCursor(Lane, null);

        Assert.Equal(1, Next(cursor));
        Purge();
        Assert.Equal([], _delivered);

        Assert.Equal(2, Next(cursor));
        Purge();
        Assert.Equal([1], _delivered);

        Assert.Null(Next(cursor));
        Purge();
        Assert.Equal([1, 2], _delivered);
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void Without_a_subscription_nothing_is_dropped()
    {
        Add(1, 2);
        Purge();
        Assert.Equal(2, _cache.Count);

        using var cursor = _cache.GetCacheCursor(Lane, null);
        Assert.Equal([1L, 2L], All(cursor));
    }

    [Fact]
    public void A_batch_waits_for_every_subscription_of_its_lane()
    {
        Add(1);
        using var quick = _cache.GetCacheCursor(Lane, null);
        using var slow = _cache.GetCacheCursor(Lane, null);
        All(quick);
        Purge();
        Assert.Equal([], _delivered);

        All(slow);
        Purge();
        Assert.Equal([1], _delivered);
    }

    [Fact]
    public void The_cursor_that_pins_a_batch_while_its_stream_is_registered_holds_it()
    {
        Add(1);
        var pin = _cache.GetCacheCursor(Lane, Token(1));
        using var subscription = _cache.GetCacheCursor(Lane, Token(1));
        All(subscription);
        Purge();
        Assert.Equal(1, _cache.Count);

        pin.Dispose();
        Purge();
        Assert.Equal([1], _delivered);
    }

    [Fact]
    public void A_cursor_that_is_closed_amid_a_delivery_leaves_the_batch_to_the_next()
    {
        Add(1, 2, 3);
        var first = _cache.GetCacheCursor(Lane, null);
        Next(first);
        Assert.Equal(2, Next(first));
        first.Dispose();

        // As after an error of the agent: it asks for the newest, and must get the oldest that is not delivered.
        using var next = _cache.GetCacheCursor(Lane, Token(3));
        Assert.Equal([2L, 3L], All(next));
    }

    [Fact]
    public void Lanes_do_not_hold_each_other()
    {
        var other = LaneStreamId.Of("events", 0, 1);
        Add(1);
        _cache.AddToCache([Container(other, 2)]);
        using var stuck = _cache.GetCacheCursor(Lane, null);
        using var quick = _cache.GetCacheCursor(other, null);
        Next(stuck);
        All(quick);
        Purge();

        Assert.Equal([2], _delivered);
    }

    [Fact]
    public void A_failed_batch_is_never_told_as_delivered()
    {
        Add(1, 2);
        using var cursor = _cache.GetCacheCursor(Lane, null);
        Next(cursor);
        Assert.Equal(1, _cache.Find(Lane, Token(1))!.LastOffset);
        cursor.RecordDeliveryFailure();
        All(cursor);
        Purge();

        Assert.Equal([2], _delivered);
        Assert.Equal(0, _cache.Count);
        Assert.Null(_cache.Find(Lane, Token(1)));
    }

    [Fact]
    public void A_delivered_batch_stays_until_it_is_durable_and_is_told_once()
    {
        _durable = 0;
        Add(1, 2, 3);
        using var cursor = _cache.GetCacheCursor(Lane, null);
        All(cursor);
        Purge();
        Purge();
        Assert.Equal([1, 2, 3], _delivered);
        Assert.Equal(3, _cache.Count);

        _durable = 2;
        Purge();
        Assert.Equal([1, 2, 3], _delivered);
        Assert.Equal(1, _cache.Count);
    }

    [Fact]
    public void A_consumer_that_names_what_it_stored_gets_everything_after_it_again()
    {
        _durable = 0;
        Add(1, 2, 3);
        var before = _cache.GetCacheCursor(Lane, null);
        All(before);
        Purge();
        before.Dispose();

        using var attached = _cache.GetCacheCursor(Lane, LaneStreamId.After(1));
        Assert.Equal([2L, 3L], All(attached));
        using var never = _cache.GetCacheCursor(Lane, LaneStreamId.After(null));
        Assert.Equal([1L, 2L, 3L], All(never));
        Purge();
        Assert.Equal([1, 2, 3], _delivered);
    }

    // PersistentStreamPullingAgent.RunConsumerCursor moves a new cursor once after a handshake, to step over the batch that is named.
    [Fact]
    public void The_step_of_the_agent_after_a_handshake_loses_nothing()
    {
        _durable = 0;
        Add(1, 2, 3);
        using var resumed = _cache.GetCacheCursor(Lane, LaneStreamId.After(1));
        resumed.MoveNext();
        Assert.Equal([2L, 3L], All(resumed));

        using var named = _cache.GetCacheCursor(Lane, Token(1));
        named.MoveNext();
        Assert.Equal([2L, 3L], All(named));
    }

    [Fact]
    public void A_token_within_a_batch_gives_the_batch_that_holds_it()
    {
        _durable = 0;
        Add(10, 20);
        using var cursor = _cache.GetCacheCursor(Lane, LaneStreamId.After(15));
        Assert.Equal([20L], All(cursor));
    }

    [Fact]
    public void A_token_beyond_the_end_waits_for_what_comes()
    {
        Add(1);
        using var cursor = _cache.GetCacheCursor(Lane, LaneStreamId.After(5));
        cursor.MoveNext();
        Assert.Null(Next(cursor));

        Add(6);
        Assert.Equal(6, Next(cursor));
    }

    [Fact]
    public void A_reminder_is_delivered_and_told_to_no_one()
    {
        _durable = 0;
        Add(1, 2);
        using var cursor = _cache.GetCacheCursor(Lane, null);
        All(cursor);
        Purge();
        _cache.AddToCache([Container(Lane, 1, isReminder: true)]);
        Assert.Equal([1L], All(cursor));
        Purge();

        Assert.Equal([1, 2], _delivered);
        Assert.Equal(2, _cache.Count);
    }

    [Fact]
    public void A_consumer_that_answers_a_reminder_with_what_it_stored_gets_that_and_not_the_reminder_too()
    {
        _durable = 0;
        Add(1, 2);
        using var first = _cache.GetCacheCursor(Lane, null);
        All(first);
        _cache.AddToCache([Container(Lane, 1, isReminder: true)]);
        Next(first);

        using var answered = _cache.GetCacheCursor(Lane, LaneStreamId.After(null));
        answered.MoveNext();
        Assert.Equal([1L, 2L], All(answered));
    }

    [Fact]
    public void Shutting_down_tells_what_was_delivered_since_the_last_purge()
    {
        Add(1, 2);
        using var cursor = _cache.GetCacheCursor(Lane, null);
        Next(cursor);
        Next(cursor);
        _cache.UpdateDeliveryProgress(Token(2), DateTime.UnixEpoch);

        Assert.Equal([1], _delivered);
    }

    [Fact]
    public void The_agent_is_always_let_in_to_purge()
    {
        Assert.True(_cache.GetMaxAddCount() > 0);
        Assert.False(_cache.IsUnderPressure());
    }

    private static StreamSequenceToken Token(long offset) => Container(Lane, offset).SequenceToken;

    private static KafkaBatchContainer Container(StreamId lane, long offset, bool isReminder = false) =>
        new(lane, new LaneBatch(0, 0, [new KafkaRecord { Partition = 0, Offset = offset }]), isReminder);

    private static long? Next(IQueueCacheCursor cursor) => cursor.MoveNext() ? cursor.GetCurrent(out _).SequenceToken.SequenceNumber : null;

    private static List<long> All(IQueueCacheCursor cursor)
    {
        var all = new List<long>();
        while (Next(cursor) is { } offset)
        {
            all.Add(offset);
        }

        return all;
    }

    private void Add(params long[] offsets) => _cache.AddToCache([.. offsets.Select(offset => Container(Lane, offset))]);

    private void Purge() => _cache.TryPurgeFromCache(out _);
}
