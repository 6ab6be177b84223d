using Personalization.Core.Profiles;

namespace Personalization.Silo.Tests;

/// <summary>Silos that do not belong where they are started refuse to start, say which option is wrong, and disturb nobody.</summary>
public sealed class StrangeSiloTests
{
    [RedisFact]
    public async Task A_second_cluster_of_a_service_that_runs_refuses_to_start_and_starts_once_the_first_is_gone()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        await Clicks.SendAsync(cluster.Silos[0], "ann", "1");

        var (exitCode, errors) = await StartAsync(cluster, "--cluster-id", "green");
        Assert.Equal(1, exitCode);
        Assert.Contains("belongs to cluster personalization", errors, StringComparison.Ordinal);
        Assert.Contains("--service-id", errors, StringComparison.Ordinal);
        Assert.Equal(1, Clicks.In(await cluster.Silos[0].GetAsync("/v1/users/ann")));

        await cluster.KillAsync(cluster.Silos[0]);
        var green = await cluster.AddAsync("--cluster-id", "green");
        Assert.Equal(1, Clicks.In(await green.UntilAsync("/v1/users/ann", found => found is not null)));
    }

    [RedisFact]
    public async Task A_cluster_that_hung_until_another_took_its_service_stops_when_it_comes_back()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        var hung = cluster.Silos[0];
        await Clicks.SendAsync(hung, "ann", "1");

        hung.Signal("STOP");
        ServerProcess other;
        try
        {
            other = await cluster.AddAsync("--cluster-id", "green");
            await Clicks.SendAsync(other, "ann", "2");
        }
        finally
        {
            hung.Signal("CONT");
        }

        await hung.EndAsync();
        Assert.Contains("belongs to cluster green", hung.LastWords, StringComparison.Ordinal);
        Assert.Equal(2, Clicks.In(await other.UntilAsync("/v1/users/ann", found => Clicks.In(found) == 2)));
    }

    [RedisFact]
    public async Task A_silo_that_is_older_than_its_service_refuses_to_start()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        await Clicks.SendAsync(cluster.Silos[0], "ann", "1");
        await store.NoteFormatAsync(UserProfile.CodecVersion + 1);

        var (exitCode, errors) = await StartAsync(cluster);
        Assert.Equal(1, exitCode);
        Assert.Contains($"newer silo (profile {UserProfile.CodecVersion + 1})", errors, StringComparison.Ordinal);

        await store.NoteFormatAsync(UserProfile.CodecVersion);
        await cluster.AddAsync();
    }

    private static Task<(int ExitCode, string Errors)> StartAsync(ClusterUnderTest cluster, params string[] options) => ServerProcess.RunAsync(
        "Personalization.Silo",
        ["--urls", "http://127.0.0.1:0", "--redis", cluster.Redis.Address, "--kafka", cluster.Kafka.Brokers, "--topic", cluster.Kafka.Topic, .. options]);
}
