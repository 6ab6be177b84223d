namespace Personalization.Silo.Tests;

/// <summary>What a cluster does while its members come and go, light load or heavy.</summary>
public sealed class MemberFaultTests
{
    private const int Events = 3000;

    [RedisFact]
    public async Task A_silo_is_paused_until_the_others_call_it_dead_and_comes_back_and_each_event_counts_once()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 3);
        using var store = await Store.OpenAsync(cluster.Redis);
        using var flow = new ClickFlow(cluster);
        await flow.GoOnAsync();

        var paused = cluster.Silos[0];
        paused.Signal("STOP");
        try
        {
            await store.UntilOneIsDeadAsync();
            await flow.GoOnAsync(50);
        }
        finally
        {
            paused.Signal("CONT");
        }

        await flow.GoOnAsync();
        await cluster.StopAsync(paused);
        await flow.GoOnAsync();
        await flow.StopAsync();
        await flow.AssertCountedOnceAsync(cluster.Any());
    }

    [RedisFact]
    public async Task A_silo_is_stopped_and_started_three_times_in_a_row_and_each_event_counts_once()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        using var flow = new ClickFlow(cluster);
        for (var i = 0; i < 3; i++)
        {
            await flow.GoOnAsync(50);
            await cluster.StopAsync(cluster.Silos[1]);
            await flow.GoOnAsync(50);
            await cluster.AddAsync();
        }

        await flow.GoOnAsync(50);
        await flow.StopAsync();
        await flow.AssertCountedOnceAsync(cluster.Any());
    }

    [RedisFact]
    public async Task A_click_that_is_sent_again_counts_once_and_holds_up_nothing_behind_it()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1, partitions: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        await Clicks.SendAsync(cluster.Silos[0], "ann", "1");
        var again = await Clicks.SendAsync(cluster.Silos[0], "ann", "1");

        await store.UntilAsync("ann", again);
        await store.UntilAsync("ann", await Clicks.SendAsync(cluster.Silos[0], "ann", "2"));
        Assert.Equal(2, Clicks.In(await cluster.Silos[0].GetAsync("/v1/users/ann")));
    }

    [RedisFact]
    public async Task Thousands_of_clicks_of_one_person_taken_in_anywhere_are_never_missed_by_decisions_elsewhere()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        var acknowledged = 0L;
        var next = 0;
        var sending = Enumerable.Range(0, 3).Select(_ => Task.Run(SendAsync)).ToArray();
        var asking = Enumerable.Range(0, 3).Select(_ => Task.Run(AskAsync)).ToArray();
        await Task.WhenAll(sending);
        var decisions = (await Task.WhenAll(asking)).Sum();

        Assert.True(decisions > 1000, $"Only {decisions} decisions ran beside the clicks.");
        var profile = await cluster.Any().GetAsync("/v1/users/one");
        Assert.Equal(Events, Clicks.In(profile));

        async Task SendAsync()
        {
            for (var number = Interlocked.Increment(ref next); number <= Events; number = Interlocked.Increment(ref next))
            {
                Raise(await Clicks.SendAsync(cluster.Any(), "one", $"m{number}"));
            }
        }

        async Task<int> AskAsync()
        {
            var asked = 0;
            while (Volatile.Read(ref next) <= Events)
            {
                // Everything acknowledged up to here must be in the answer.
                var least = Volatile.Read(ref acknowledged);
                var decision = await cluster.Any().PostAsync("/v1/decide", new { anonymousId = "one", minProfileVersion = least });
                Assert.True(decision.GetProperty("profileVersion").GetInt64() >= least, "A decision missed an acknowledged click.");
                asked++;
            }

            return asked;
        }

        void Raise(long version)
        {
            for (var seen = Volatile.Read(ref acknowledged); version > seen; seen = Volatile.Read(ref acknowledged))
            {
                Interlocked.CompareExchange(ref acknowledged, version, seen);
            }
        }
    }
}
