namespace Personalization.Silo.Tests;

public sealed class KafkaPropertyTests
{
    [Theory]
    [InlineData("sasl.pasword=x", "--kafka-property: No such configuration property: \"sasl.pasword\"")]
    [InlineData("security.protocol=TSL", "--kafka-property: Invalid value")]
    [InlineData("security.protocol=ssl ssl.ca.location=/not/there.pem", "--kafka-property: ssl.ca.location")]
    [InlineData("sasl.password=hunter2", "--kafka-property: sasl.password is a secret")]
    [InlineData("sasl.password=@/not/there", "--kafka-property: sasl.password: the file '/not/there' can't be read")]
    [InlineData("sasl.password=$NOT_SET_ANYWHERE", "--kafka-property: sasl.password: there is no environment variable NOT_SET_ANYWHERE")]
    [InlineData("security.protocol", "--kafka-property: a property of the Kafka client is given as name=value")]
    [InlineData("group.id=x", "'Client:group.id' can't be set; use 'Group'")]
    [InlineData("acks=1", "'Client:acks' can't be set")]
    public async Task A_property_that_can_not_be_is_named_and_nothing_starts(string property, string message)
    {
        var (exitCode, errors) = await ServerProcess.RunAsync(
            "Personalization.Silo",
                ["--urls", "http://127.0.0.1:0", .. property.Split(' ').SelectMany(part => new[] { "--kafka-property", part })]);

        Assert.Equal(1, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task Properties_reach_the_client_and_their_values_no_log()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        using var secrets = new TemporaryFolder();
        var file = Path.Combine(secrets.Path, "password");
        await File.WriteAllTextAsync(file, "hunter2\n");
        var silo = await cluster.AddAsync(
            "--kafka-property", $"sasl.password=@{file}", "--kafka-property", "sasl.username=shop", "--kafka-property",
                "debug=conf,security",
            "--kafka-property", "client.id=the-shop");

        await store.UntilAsync("ann", await Clicks.SendAsync(silo, "ann", "1"));
        Assert.DoesNotContain("hunter2", silo.LastWords, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task A_silo_that_is_to_speak_TLS_speaks_it_and_takes_no_event_where_the_broker_does_not()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        var silo = await cluster.AddAsync(
            "--kafka-property", "security.protocol=ssl", "--kafka-property", "message.timeout.ms=1000", "--kafka-property",
                "socket.timeout.ms=1000");

        using var refused = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
            silo.Http, "/v1/events", Clicks.Of("ann", "1"));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }
}
