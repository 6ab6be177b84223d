namespace Personalization.Silo.Tests;

/// <summary>What silos count together: every event and every person once, whatever happens to the one that counted.</summary>
public sealed class StatisticsTests
{
    private const int People = 12;

    [RedisFact]
    public async Task Every_silo_tells_the_events_and_people_of_all_and_the_profiles_of_its_own_memory()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        for (var i = 0; i < 5 * People; i++)
        {
            await Clicks.SendAsync(cluster.Silos[i % 2], $"person-{i % People}", $"m{i}");
        }

        // Sent again it is in the log again.
        await Clicks.SendAsync(cluster.Silos[0], "person-0", "m0");
        var hot = 0;
        foreach (var silo in cluster.Silos)
        {
            var stats = await silo.UntilAsync("/v1/stats", found => Statistics.Of(found) == ((5 * People) + 1, People));
            var own = Statistics.HotIn(stats!.Value);
            hot += own;
            Assert.Contains($"personalization_profiles_hot {own}", await silo.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }

        Assert.Equal(People, hot);
    }

    [RedisFact]
    public async Task Silos_are_killed_before_they_have_stored_and_each_event_and_person_is_counted_once()
    {
        const int Partitions = 2;
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1, Partitions);
        using var reader = new LogReader(cluster.Kafka, Partitions);
        for (var life = 0; life < 3; life++)
        {
            for (var i = 0; i < 3 * People; i++)
            {
                await Clicks.SendAsync(cluster.Silos[0], $"person-{life}-{i % People}", $"{life}-{i}");
            }

            // The last of them are hardly folded, let alone stored.
            await cluster.KillAsync(cluster.Silos[0]);
            await cluster.AddAsync("--cluster-id", $"life-{life}");
        }

        var log = await reader.FinishAsync();
        await cluster.Silos[0].UntilAsync("/v1/stats", found => Statistics.Of(found) == (log.Count, 3 * People));
    }
}
