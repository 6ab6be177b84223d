using System.Text.Json;

namespace Personalization.Silo.Tests;

public sealed class SiloTests
{
    [RedisFact]
    public async Task A_click_taken_in_by_one_silo_is_in_the_next_decision_of_another()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        await ConfigureAsync(cluster.Silos[0]);
        await cluster.Silos[1].UntilAsync("/v1/placements/hero", found => found is not null);

        for (var i = 0; i < 200; i++)
        {
            var (taking, asked) = (cluster.Silos[i % 2], cluster.Silos[(i + 1) % 2]);
            var receipt = await taking.PostAsync("/v1/events", Click($"person-{i}", "1"));
            var decision = await asked.PostAsync("/v1/decide", new
            {
                anonymousId = $"person-{i}",
                placements = new[] { "hero" },
                minProfileVersion = receipt.GetProperty("profileVersion").GetInt64(),
            });
            Assert.Equal("hello", decision.GetProperty("placements").GetProperty("hero").GetProperty("experience").GetString());
        }
    }

    [RedisFact]
    public async Task What_was_acknowledged_survives_the_end_of_every_silo()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        for (var i = 0; i < 50; i++)
        {
            await cluster.Silos[0].PostAsync("/v1/events", Click($"person-{i % 5}", $"m{i}"));
        }

        // SIGKILL: whatever profiles were not stored yet comes from the log again.
        await cluster.KillAsync(cluster.Silos[0]);
        var after = await cluster.AddAsync("--cluster-id", "after");

        for (var person = 0; person < 5; person++)
        {
            var profile = await after.UntilAsync($"/v1/users/person-{person}", found => Clicks(found) >= 10);
            Assert.Equal(10, Clicks(profile));
        }
    }

    [RedisFact]
    public async Task A_stop_stores_everything_and_a_start_finds_it()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        await ConfigureAsync(cluster.Silos[0]);
        await cluster.Silos[0].PostAsync("/v1/events", Click("ann", "1"));
        var decision = await cluster.Silos[0].PostAsync("/v1/decide", new { anonymousId = "ann" });
        var id = decision.GetProperty("decisionId").GetString();
        await cluster.Silos[0].UntilAsync($"/v1/decisions/{id}", found => found is not null);

        await cluster.StopAsync(cluster.Silos[0]);
        var after = await cluster.AddAsync();

        Assert.Equal(1, Clicks(await after.UntilAsync("/v1/users/ann", found => Clicks(found) == 1)));
        await after.UntilAsync("/v1/placements/hero", found => found is not null);
        Assert.Equal("ann", (await after.GetAsync($"/v1/decisions/{id}")).GetProperty("person").GetString());
    }

    private static async Task ConfigureAsync(ServerProcess silo) => await silo.PostAsync("/v1/configuration", new
    {
        experiences = new { hello = new { patches = new[] { new { op = "setText", selector = "h1", text = "Hello" } } } },
        placements = new
        {
            hero = new
            {
                experiences = new[]
                {
                    new { id = "hello", audience = new Dictionary<string, object> { ["events.click.total"] = new Dictionary<string, int> { ["$gte"] = 1 } } },
                },
            },
        },
    });

    private static object Click(string person, string messageId) =>
        new { events = new[] { new { messageId, type = "click", anonymousId = person, properties = new { itemId = "shoe" } } } };

    private static int Clicks(JsonElement? profile) =>
        profile?.GetProperty("events").GetProperty("click").GetProperty("total").GetInt32() ?? 0;
}
