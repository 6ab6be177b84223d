using System.Net.Http.Json;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Node.Tests.Kafka;

/// <summary>A real process whose log is a topic, killed at random moments.</summary>
public sealed class KafkaCrashTests
{
    private const int Kills = 8;
    private const int People = 10;

    [Fact]
    public async Task Kills_lose_no_acknowledged_event_and_fold_none_twice()
    {
        using var kafka = new MockKafka();
        kafka.Create(3);
        using var folder = new TemporaryFolder();
        var random = new Random(11);
        var sent = new int[People];
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var node = await StartAsync(kafka, folder.Path);
            using var stop = new CancellationTokenSource();
            var sending = SendAsync(node, sent, stop.Token);
            await Task.Delay(random.Next(300, 1500));
            await node.KillAsync();
            await stop.CancelAsync();
            await sending;
        }

        await using var last = await StartAsync(kafka, folder.Path);
        for (var person = 0; person < People; person++)
        {
            // What was under way at a kill is sent again, as senders do: all that is numbered is then acknowledged.
            await last.PostAsync("/v1/events", Of(person, sent[person]));
            var profile = await last.GetAsync($"/v1/users/person-{person}");
            Assert.Equal(sent[person] + 1, profile.GetProperty("events").GetProperty("view").GetProperty("total").GetInt32());
        }

        Assert.True(sent.Sum() > Kills * People, "The load was too small to mean anything.");
    }

    private static async Task<ServerProcess> StartAsync(MockKafka kafka, string folder)
    {
        var node = await NodeProcess.StartAsync(
            folder, ["--events", $"kafka://{kafka.Brokers}/{kafka.Topic}",
                .. NodeOnKafka.Properties.SelectMany(property => new[] { "--kafka-property", property })]);
        await node.UntilAsync("/readyz", ready => ready is not null);
        return node;
    }

    /// <summary>Sends each person's events one after another; the number moves on when one is acknowledged.</summary>
    private static Task SendAsync(ServerProcess node, int[] sent, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, People).Select(async person =>
    {
        try
        {
            while (true)
            {
                using var response = await node.Http.PostAsJsonAsync("/v1/events", Of(person, sent[person]), stop);
                response.EnsureSuccessStatusCode();
                sent[person]++;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
        }
    }));

    private static object Of(int person, int number) => new
    {
        events = new[] { new { messageId = $"{person}-{number}", type = "view", anonymousId = $"person-{person}",
            properties = new { itemId = $"item-{number % 5}" } } },
    };
}
