using Personalization.Kafka;
using Personalization.Kafka.Reading;

namespace Personalization.Streaming.Kafka.Tests.Partitions;

public sealed class StartOffsetTests
{
    [Fact]
    public void Without_any_position_the_options_decide()
    {
        Assert.Equal(10, Of(null, [], KafkaStartPosition.Earliest).Offset);
        Assert.Equal(90, Of(null, [], KafkaStartPosition.Latest).Offset);
    }

    [Fact]
    public void A_lane_that_never_reported_leaves_the_committed_position() => Assert.Equal(20, Of(20, [50, null]).Offset);

    [Fact]
    public void The_higher_of_the_commit_and_the_lowest_report_decides()
    {
        Assert.Equal(41, Of(20, [50, 40]).Offset);
        Assert.Equal(60, Of(60, [50, 40]).Offset);
        Assert.Equal(41, Of(null, [50, 40], KafkaStartPosition.Latest).Offset);
    }

    [Fact]
    public void What_is_gone_is_counted()
    {
        var start = Of(4, []);
        Assert.Equal((10, 6, false), (start.Offset, start.Missing, start.IsBeyondEnd));
    }

    [Fact]
    public void The_end_is_a_position_and_one_more_is_not()
    {
        Assert.False(Of(90, []).IsBeyondEnd);
        Assert.True(Of(91, []).IsBeyondEnd);
        Assert.True(Of(20, [90]).IsBeyondEnd);
    }

    private static StartOffset.Decision Of(long? committed, long?[] lanes, KafkaStartPosition start = KafkaStartPosition.Earliest) =>
        StartOffset.Of(committed, lanes, 10, 90, start);
}
