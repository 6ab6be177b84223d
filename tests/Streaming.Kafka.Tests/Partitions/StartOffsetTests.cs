using Personalization.Kafka;
using Personalization.Kafka.Reading;

namespace Personalization.Streaming.Kafka.Tests.Partitions;

public sealed class StartOffsetTests
{
    private static readonly StartOffset.Bounds Held = new(10, 90);

    [Fact]
    public void Without_any_position_the_options_decide()
    {
        Assert.Equal(10, OfStore(null, [], null).Offset);
        Assert.Equal(90, OfStore(null, [], null, KafkaStartPosition.Latest).Offset);
        Assert.Equal(10, StartOffset.OfGroup(null, Held, KafkaStartPosition.Earliest).Offset);
        Assert.Equal(90, StartOffset.OfGroup(null, Held, KafkaStartPosition.Latest).Offset);
    }

    [Fact]
    public void Where_nothing_is_stored_beside_the_state_the_group_decides() =>
        Assert.Equal(20, StartOffset.OfGroup(20, Held, KafkaStartPosition.Earliest).Offset);

    [Fact]
    public void A_store_that_was_set_back_is_read_on_from_where_it_is_and_not_from_what_the_group_committed() =>
        Assert.Equal(20, OfStore(20, [50, null], 80).Offset);

    [Fact]
    public void A_store_that_was_lost_is_filled_from_the_oldest_record_whatever_the_group_committed() =>
        Assert.Equal(10, OfStore(null, [null, null], 80).Offset);

    [Fact]
    public void A_commit_that_is_behind_the_store_replays_nothing() => Assert.Equal(60, OfStore(60, [], 20).Offset);

    [Fact]
    public void Who_wants_no_history_is_not_given_it_when_the_store_is_lost() =>
        Assert.Equal(80, OfStore(null, [], 80, KafkaStartPosition.Latest).Offset);

    [Fact]
    public void The_higher_of_the_position_and_the_lowest_report_decides()
    {
        Assert.Equal(41, OfStore(20, [50, 40], null).Offset);
        Assert.Equal(60, OfStore(60, [50, 40], null).Offset);
        Assert.Equal(41, OfStore(null, [50, 40], null, KafkaStartPosition.Latest).Offset);
        Assert.Equal(20, OfStore(20, [50, null], null).Offset);
    }

    [Fact]
    public void What_is_gone_is_counted()
    {
        var start = OfStore(4, [], null);
        Assert.Equal((10, 6, false), (start.Offset, start.Missing, start.IsBeyondEnd));
    }

    [Fact]
    public void The_end_is_a_position_and_one_more_is_not()
    {
        Assert.False(OfStore(90, [], null).IsBeyondEnd);
        Assert.True(OfStore(91, [], null).IsBeyondEnd);
        Assert.True(OfStore(20, [90], null).IsBeyondEnd);
        Assert.True(StartOffset.OfGroup(91, Held, KafkaStartPosition.Earliest).IsBeyondEnd);
    }

    private static StartOffset.Decision OfStore(
        long? stored, long?[] lanes, long? committed, KafkaStartPosition start = KafkaStartPosition.Earliest) =>
        StartOffset.OfStore(stored, lanes, committed, Held, start);
}
