using Personalization.Streaming.Kafka.Provider;

namespace Personalization.Streaming.Kafka.Tests.Provider;

public sealed class LaneStreamIdTests
{
    [Fact]
    public void A_lane_can_be_read_from_its_stream() =>
        Assert.Equal((12, 3), LaneStreamId.Parse(LaneStreamId.Of("events", 12, 3).GetKeyAsString()));

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("-3")]
    [InlineData("3-")]
    [InlineData("a-b")]
    [InlineData("3-1-1")]
    public void A_key_of_another_kind_is_refused(string key) => Assert.Throws<FormatException>(() => LaneStreamId.Parse(key));
}
