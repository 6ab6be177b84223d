using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Personalization.Silo.Tests;

/// <summary>What becomes of a change of the configuration that can't be stored: it is refused, and nobody ever sees any of it.</summary>
public sealed class ConfigurationFaultTests
{
    [RedisFact]
    public async Task A_change_while_Redis_is_a_read_only_replica_is_refused_with_503_and_leaves_nothing()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        using var store = await Store.OpenAsync(cluster.Redis);
        var revision = await PutAsync(cluster, "before");

        await store.BeReplicaAsync(true);
        await AssertRefusedAsync(cluster.Silos[0], "meanwhile");
        await AssertRefusedAsync(cluster.Silos[1], "meanwhile");
        await store.BeReplicaAsync(false);

        await AssertWithoutAsync(cluster, "meanwhile", revision);
    }

    [RedisFact]
    public async Task A_change_while_Redis_is_dead_is_refused_with_503_and_leaves_nothing()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        var revision = await PutAsync(cluster, "before");

        cluster.Redis.Kill();
        await AssertRefusedAsync(cluster.Silos[0], "meanwhile");
        await AssertRefusedAsync(cluster.Silos[1], "meanwhile");
        await cluster.Redis.RestartAsync();

        await AssertWithoutAsync(cluster, "meanwhile", revision);
    }

    [RedisFact]
    public async Task A_change_whose_write_lands_only_after_its_sender_was_refused_is_known_to_all_or_to_none()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 2);
        await PutAsync(cluster, "before");

        cluster.Redis.Hang(true);
        try
        {
            await AssertRefusedAsync(cluster.Silos[0], "meanwhile");
        }
        finally
        {
            cluster.Redis.Hang(false);
        }

        await UntilPutAsync(cluster.Silos[1], "after");
        var known = new List<string>();
        foreach (var silo in cluster.Silos)
        {
            var listed = await silo.UntilAsync("/v1/placements", found => Names(found).Contains("after"));
            known.Add(string.Join(' ', Names(listed)));
        }

        Assert.Equal(known[0], known[1]);
        var renewed = await RenewAsync(cluster);
        Assert.Equal(known[0], string.Join(' ', Names(await renewed.UntilAsync("/v1/placements", found => Names(found).Contains("after")))));
    }

    [RedisFact]
    public async Task A_configuration_of_a_newer_version_is_left_as_it_is_and_changes_are_refused_with_503()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(silos: 1);
        using var store = await Store.OpenAsync(cluster.Redis);
        await PutAsync(cluster, "before");
        await cluster.StopAsync(cluster.Silos[0]);
        var stored = Encoding.UTF8.GetString((await store.ConfigurationAsync())!);
        const string Before = "\"documents\":[";
        Assert.Contains(Before, stored, StringComparison.Ordinal);
        var newer = Encoding.UTF8.GetBytes(stored.Replace(Before, Before + """{"kind":"holograms","id":"h","revision":1,"body":{}},""", StringComparison.Ordinal));
        await store.WriteConfigurationAsync(newer);

        // It answers pages, with nothing but controls, and asks balancers to send it none.
        var silo = await cluster.AddAsync();
        await AssertRefusedAsync(silo, "meanwhile", "unknown kind");
        await silo.PostAsync("/v1/decide", new { anonymousId = "ann" });
        using (var ready = await silo.Http.GetAsync("/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        await cluster.StopAsync(silo);
        Assert.Equal(newer, await store.ConfigurationAsync());
    }

    private static async Task<long> PutAsync(ClusterUnderTest cluster, string name)
    {
        var outcome = await cluster.Silos[0].PostAsync("/v1/configuration", Change(name));
        foreach (var silo in cluster.Silos)
        {
            await silo.UntilAsync($"/v1/placements/{name}", found => found is not null);
        }

        return outcome.GetProperty("revision").GetInt64();
    }

    private static async Task AssertRefusedAsync(ServerProcess silo, string name, string why = "can't be changed now")
    {
        using var refused = await silo.Http.PostAsJsonAsync("/v1/configuration", Change(name));
        var text = await refused.Content.ReadAsStringAsync();
        Assert.True(refused.StatusCode == HttpStatusCode.ServiceUnavailable, $"{(int)refused.StatusCode} {text}\n{silo.LastWords}");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Contains(why, JsonElement.Parse(text).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Sees that a refused change is nowhere, now and after everybody begins from the store, and that the next one is the next.</summary>
    private static async Task AssertWithoutAsync(ClusterUnderTest cluster, string refused, long revision)
    {
        await UntilPutAsync(cluster.Silos[1], "after");
        foreach (var silo in cluster.Silos)
        {
            var listed = await silo.UntilAsync("/v1/placements", found => Names(found).Contains("after"));
            Assert.DoesNotContain(refused, Names(listed));
            var decision = await silo.PostAsync("/v1/decide", new { anonymousId = "ann" });
            Assert.Equal(revision + 1, decision.GetProperty("revision").GetInt64());
        }

        var renewed = await RenewAsync(cluster);
        Assert.DoesNotContain(refused, Names(await renewed.UntilAsync("/v1/placements", found => Names(found).Contains("after"))));
    }

    private static async Task UntilPutAsync(ServerProcess silo, string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var response = await silo.Http.PostAsJsonAsync("/v1/configuration", Change(name), limit.Token);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task<ServerProcess> RenewAsync(ClusterUnderTest cluster)
    {
        foreach (var silo in cluster.Silos.ToArray())
        {
            await cluster.StopAsync(silo);
        }

        return await cluster.AddAsync();
    }

    private static string[] Names(JsonElement? listed) => listed is { } found
        ? [.. found.GetProperty("placements").EnumerateArray().Select(placement => placement.GetProperty("id").GetString()!)]
        : [];

    private static object Change(string placement) => new
    {
        experiences = new { hello = new { patches = new[] { new { op = "setText", selector = "h1", text = "Hello" } } } },
        placements = new Dictionary<string, object> { [placement] = new { experiences = new[] { new { id = "hello" } } } },
    };
}
