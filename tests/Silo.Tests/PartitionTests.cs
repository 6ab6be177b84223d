using Personalization.Core.Events;
using Personalization.Core.Ingestion;

namespace Personalization.Silo.Tests;

/// <summary>What a cluster does when its topic gets more partitions.</summary>
/// <remarks>
/// The broker of these tests can't add partitions. A service that noted fewer than the topic has is what one whose topic grew looks like.
/// </remarks>
public sealed class PartitionTests
{
    private const int People = 12;

    [RedisFact]
    public async Task Partitions_that_are_added_cost_no_event_and_take_nobody_back()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        await store.NotePartitionsAsync(2);
        var silo = await cluster.AddAsync();
        await ClickAsync(store, silo, "1");
        Assert.Equal((0, 0), (cluster.Kafka.End(2), cluster.Kafka.End(3)));

        // Another program writes where the topic's present size leads it.
        for (var person = 0; person < People; person++)
        {
            var click = Of(person, "2");
            await cluster.Kafka.WriteAsync(KeyPartition.Of(EventRecord.KeyOf(click), 4), click);
        }

        await CountAsync(silo, 2);
        await ClickAsync(store, silo, "3");
        await CountAsync(silo, 3);
    }

    [RedisFact]
    public async Task Under_the_next_epoch_added_partitions_are_used_and_nothing_is_lost_or_counted_twice()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 0);
        using var store = await Store.OpenAsync(cluster.Redis);
        await store.NotePartitionsAsync(2);
        var first = await cluster.AddAsync();
        await ClickAsync(store, first, "1");
        await cluster.StopAsync(first);

        var second = await cluster.AddAsync("--topic-epoch", "1");
        await ClickAsync(store, second, "2");
        await CountAsync(second, 2);
        Assert.True(cluster.Kafka.End(2) + cluster.Kafka.End(3) > 0);
    }

    [RedisFact]
    public async Task An_epoch_does_not_begin_before_the_one_before_is_folded_to_its_end()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        await ClickAsync(store, cluster.Silos[0], "1");
        await cluster.StopAsync(cluster.Silos[0]);
        await cluster.Kafka.WriteAsync(0, Of(0, "2"));
        await cluster.Kafka.WriteAsync(1, Of(1, "2"));

        var (exitCode, errors) = await ServerProcess.RunAsync(
            "Personalization.Silo", "--urls", "http://127.0.0.1:0", "--redis", cluster.Redis.Address, "--kafka", cluster.Kafka.Brokers,
            "--topic", cluster.Kafka.Topic, "--topic-epoch", "1");

        Assert.Equal(1, exitCode);
        Assert.Contains("--topic-epoch: 2 events of topic events in epoch 0 are not folded yet", errors, StringComparison.Ordinal);
    }

    private static Event Of(int person, string messageId) => new()
    {
        MessageId = messageId,
        Type = "click",
        Timestamp = 1_700_000_000_000,
        ReceivedAt = 1_700_000_000_000,
        AnonymousId = $"person-{person}",
    };

    private static async Task ClickAsync(Store store, ServerProcess silo, string messageId)
    {
        for (var person = 0; person < People; person++)
        {
            await store.UntilAsync($"person-{person}", await Clicks.SendAsync(silo, $"person-{person}", messageId));
        }
    }

    private static async Task CountAsync(ServerProcess silo, int clicks)
    {
        for (var person = 0; person < People; person++)
        {
            Assert.Equal(clicks, Clicks.In(await silo.UntilAsync($"/v1/users/person-{person}", found => Clicks.In(found) >= clicks)));
        }
    }
}
