using Personalization.Kafka;

namespace Personalization.Streaming.Kafka.Tests;

public sealed class KafkaOptionsTests
{
    public static TheoryData<string, Action<KafkaStreamOptions>> Wrong { get; } = new()
    {
        { "'Brokers' names no broker", options => options.Brokers = " " },
        { "'Topic' names no topic", options => options.Topic = "" },
        { "'Group' names no consumer group", options => options.Group = "" },
        { "'TopicEpoch' must be 0 or more", options => options.TopicEpoch = -1 },
        { "'LanesPerPartition' must be 1 to 64", options => options.LanesPerPartition = 0 },
        { "'MaxBufferedRecords' must be 1 or more", options => options.MaxBufferedRecords = 0 },
        { "'MaxBufferedBytes' must be 1 or more", options => options.MaxBufferedBytes = 0 },
        { "'MaxBatchRecords' must be 1 or more", options => options.MaxBatchRecords = 0 },
        { "'MaxBatchBytes' must be 1 or more", options => options.MaxBatchBytes = 0 },
        { "'DeadLetterTopic' must not be the topic that is read", options => options.DeadLetterTopic = "events" },
        { "'CommitInterval' must be more than zero", options => options.CommitInterval = TimeSpan.Zero },
        { "'RedeliverAfter' must be more than zero", options => options.RedeliverAfter = TimeSpan.FromDays(2) },
        { "'Client:group.id' can't be set; use 'Group'", options => options.Client["group.id"] = "x" },
        { "'Client:enable.auto.commit' can't be set; use 'CommitWhen'", options => options.Client["enable.auto.commit"] = "true" },
        { "'Client:acks' can't be set: records are always written with acks=all", options => options.Client["acks"] = "1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named(string message, Action<KafkaStreamOptions> spoil)
    {
        var options = Right();
        spoil(options);

        var wrong = Assert.Throws<KafkaOptionsException>(() => KafkaOptionsCheck.Check("kafka", options));
        Assert.StartsWith($"Kafka streams 'kafka': {message}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_with_brokers_topic_and_group_are_right()
    {
        var options = Right();
        KafkaOptionsCheck.Check("kafka", options);

        Assert.Equal("events.dead-letters", options.EffectiveDeadLetterTopic);
        Assert.Equal("engine", options.EffectiveGroup);
    }

    [Fact]
    public void Each_life_of_a_topic_has_a_group_of_its_own()
    {
        var options = Right();
        options.TopicEpoch = 2;
        Assert.Equal("engine.e2", options.EffectiveGroup);
    }

    private static KafkaStreamOptions Right() => new() { Brokers = "kafka:9092", Topic = "events", Group = "engine" };
}
