using Personalization.Node.Kafka;

namespace Personalization.Node.Tests.Kafka;

public sealed class KafkaAddressTests
{
    [Theory]
    [InlineData("kafka://localhost:9092/events", "localhost:9092", "events")]
    [InlineData("kafka://kafka-1:9092,kafka-2:9093/shop.events_1", "kafka-1:9092,kafka-2:9093", "shop.events_1")]
    [InlineData("kafka://[::1]:9092/events", "[::1]:9092", "events")]
    public void An_address_names_brokers_and_a_topic(string text, string brokers, string topic) =>
        Assert.Equal(new KafkaAddress(brokers, topic), KafkaAddress.TryParse(text));

    [Theory]
    [InlineData("kafka://localhost:9092")]
    [InlineData("kafka://localhost:9092/")]
    [InlineData("kafka://localhost/events")]
    [InlineData("kafka://localhost:9092,/events")]
    [InlineData("kafka://user:word@localhost:9092/events")]
    [InlineData("kafka://localhost:9092/a/b")]
    [InlineData("kafka://localhost:9092/..")]
    [InlineData("http://localhost:9092/events")]
    [InlineData("")]
    public async Task Anything_else_is_refused_with_the_name_of_the_option(string text)
    {
        Assert.Null(KafkaAddress.TryParse(text));
        var (exitCode, errors) = await NodeProcess.RunAsync("--events", text);
        Assert.Equal(1, exitCode);
        Assert.Contains($"--events: \"{text}\" is not kafka://host:port[,host:port]/topic.", errors, StringComparison.Ordinal);
    }
}
