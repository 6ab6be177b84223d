namespace Personalization.Node.Tests.Kafka;

public sealed class NoClientTests
{
    [Fact]
    public async Task A_build_without_the_Kafka_client_says_so_and_leaves_the_folder_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, errors) = await NodeProcess.RunAsync("--data", folder["data"], "--events", "kafka://localhost:9092/events");
        Assert.Equal(1, exitCode);
        Assert.Contains("--events", errors, StringComparison.Ordinal);
        Assert.Contains("this build has no Kafka client", errors, StringComparison.Ordinal);

        // Nothing was noted that would keep the folder from being used without the option.
        await using var node = await NodeProcess.StartAsync(folder["data"]);
    }
}
