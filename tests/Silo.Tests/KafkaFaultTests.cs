using System.Net;
using System.Net.Http.Json;
using System.Text;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Kafka.Reading;

namespace Personalization.Silo.Tests;

/// <summary>What a cluster does while its log fails, or holds what it should not.</summary>
public sealed class KafkaFaultTests
{
    [RedisFact]
    public async Task A_silo_starts_without_Kafka_decides_refuses_events_and_takes_them_when_Kafka_comes()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        cluster.Kafka.Down();
        var silo = await cluster.AddAsync();

        await silo.PostAsync("/v1/decide", new { anonymousId = "ann" });
        using (var refused = await silo.Http.PostAsJsonAsync("/v1/events", Clicks.Of("ann", "1")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        cluster.Kafka.Up();
        await store.UntilAsync("ann", await SendUntilTakenAsync(silo, "ann", "1"));
        Assert.Equal(1, Clicks.In(await silo.UntilAsync("/v1/users/ann", found => found is not null)));
    }

    [RedisFact]
    public async Task A_silo_starts_without_its_topic_and_reads_it_when_it_is_created()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1, partitions: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        await cluster.Silos[0].PostAsync("/v1/decide", new { anonymousId = "ann" });

        cluster.Kafka.Create(2);
        await store.UntilAsync("ann", await SendUntilTakenAsync(cluster.Silos[0], "ann", "1"));
        Assert.Equal(1, Clicks.In(await cluster.Silos[0].UntilAsync("/v1/users/ann", found => found is not null)));
    }

    [RedisFact]
    public async Task Records_that_are_no_events_become_dead_letters_and_those_behind_them_are_folded()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        var click = new Event { MessageId = "1", Type = "click", Timestamp = 1_700_000_000_000, ReceivedAt = 1_700_000_000_000,
            AnonymousId = "ann" };
        await cluster.Kafka.WriteAsync(0, key: null, EventRecord.ValueOf(click));
        await cluster.Kafka.WriteAsync(0, EventRecord.KeyOf(click), EventRecord.ValueOf(click), version: "2");
        await cluster.Kafka.WriteAsync(0, click);

        await store.UntilAsync("ann", 1);
        Assert.Equal(1, Clicks.In(await cluster.Silos[0].UntilAsync("/v1/users/ann", found => found is not null)));
        var reasons = cluster.Kafka.Read(cluster.Kafka.Topic + ".dead-letters", 2)
            .Select(letter => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(KafkaDeadLetters.ReasonHeader)));
        Assert.Equal(["no-key", "unknown-version"], reasons.Order(StringComparer.Ordinal));
    }

    [RedisFact]
    public async Task A_silo_of_a_running_service_that_is_told_another_topic_refuses_to_start()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);

        var (exitCode, errors) = await ServerProcess.RunAsync(
            "Personalization.Silo", "--urls", "http://127.0.0.1:0", "--redis", cluster.Redis.Address, "--kafka", cluster.Kafka.Brokers,
                "--topic", "other");

        Assert.Equal(1, exitCode);
        Assert.Contains("folds of topic events", errors, StringComparison.Ordinal);
        Assert.Contains("--service-id", errors, StringComparison.Ordinal);
    }

    /// <summary>Sends a click until it is taken, as a sender that is told to come again does.</summary>
    private static async Task<long> SendUntilTakenAsync(ServerProcess silo, string person, string messageId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var response = await silo.Http.PostAsJsonAsync("/v1/events", Clicks.Of(person, messageId), limit.Token);
            if (response.IsSuccessStatusCode)
            {
                return (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(limit.Token)).GetProperty("profileVersion")
                    .GetInt64();
            }
        }
    }
}
