using System.Text.Json.Nodes;
using Personalization.Cli.Simulate;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Simulate;

public sealed class SimulateCommandTests
{
    [Fact]
    public async Task The_same_seed_writes_the_same_bytes_and_another_seed_does_not()
    {
        using var folder = new TemporaryFolder();
        async Task<byte[]> WriteAsync(string name, string seed)
        {
            var run = await CommandRun.OfAsync("simulate", "--out", folder[name], "--events", "3000", "--seed", seed);
            Assert.Equal(0, run.ExitCode);
            return await File.ReadAllBytesAsync(folder[name]);
        }

        var first = await WriteAsync("first", "42");
        Assert.Equal(first, await WriteAsync("second", "42"));
        Assert.NotEqual(first, await WriteAsync("third", "43"));
    }

    [Fact]
    public async Task The_events_of_a_file_are_in_order_of_time_and_can_be_replayed_with_their_catalog()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var (events, catalog) = (folder["shop.ndjson"], folder["shop.json"]);
        await CommandRun.OfAsync("simulate", "--out", events, "--out-catalog", catalog, "--events", "5000", "--people", "100");

        var lines = File.ReadLines(events).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(5000, lines.Count);
        var times = lines.Select(line => DateTimeOffset.Parse((string)line["timestamp"]!, null)).ToList();
        Assert.Equal(times.Order(), times);

        var items = JsonNode.Parse(await File.ReadAllTextAsync(catalog))!["items"]!.AsArray().Select(item => (string)item!["id"]!).ToHashSet();
        Assert.All(lines.Where(line => line["properties"]?["itemId"] is not null), line => Assert.Contains((string)line["properties"]!["itemId"]!, items));

        Assert.Equal(0, (await CommandRun.OfAsync("apply", catalog, "--server", server.Address)).ExitCode);
        Assert.Equal(
            "accepted 5,000, already known 0, rejected 0\n", (await CommandRun.OfAsync("replay", events, "--server", server.Address)).Out);
    }

    [Fact]
    public void Visits_are_like_those_of_a_shop()
    {
        var shop = ShopCatalog.Invent(240, 1);
        var events = new Simulation().Crowd(shop, "run", DateTimeOffset.UnixEpoch, TimeSpan.FromHours(2)).Events(50_000, DateTimeOffset.MaxValue).ToList();

        // Whoever buys has looked at it and put it into the cart before, and fewer do each.
        var seen = new HashSet<(string, string?, string)>();
        foreach (var done in events)
        {
            seen.Add((done.Person, done.ItemId, done.Type));
            Assert.True(done.Type != "add_to_cart" || seen.Contains((done.Person, done.ItemId, "view")));
            Assert.True(done.Type != "purchase" || seen.Contains((done.Person, done.ItemId, "add_to_cart")));
        }

        int Count(string type) => events.Count(done => done.Type == type);
        Assert.InRange(Count("add_to_cart"), Count("purchase") + 1, Count("view") / 5);
        Assert.InRange(Count("purchase"), 500, 5_000);

        // The tenth of the products that is looked at most gets far more than a tenth of the views.
        var views = events.Where(done => done.Type == "view").GroupBy(done => done.ItemId).Select(group => group.Count()).OrderDescending().ToList();
        Assert.InRange((double)views.Take(24).Sum() / views.Sum(), 0.25, 0.75);
    }

    [Fact]
    public void The_last_product_tells_the_next_far_better_than_popularity_does()
    {
        var shop = ShopCatalog.Invent(240, 1);
        var views = new Simulation().Crowd(shop, "run", DateTimeOffset.UnixEpoch, TimeSpan.FromHours(2))
            .Events(50_000, DateTimeOffset.MaxValue).Where(done => done.Type == "view").ToList();
        var popular = views.GroupBy(done => done.ItemId!).OrderByDescending(group => group.Count()).Take(4).Select(group => group.Key).ToHashSet();

        var steps = views.GroupBy(done => done.Person).SelectMany(person => person.Zip(person.Skip(1))).ToList();
        double Share(Func<string, string, bool> guessed) => steps.Average(step => guessed(step.First.ItemId!, step.Second.ItemId!) ? 1.0 : 0);
        var byFollowers = Share((last, next) => shop.Find(last)!.Followers.Contains(shop.Find(next)!.Number));
        var byPopularity = Share((_, next) => popular.Contains(next));
        Assert.True(byFollowers > 3 * byPopularity, $"followers {byFollowers:0.000}, popularity {byPopularity:0.000}");
    }

    [Fact]
    public async Task Live_visitors_send_exactly_the_events_asked_for_and_react_to_what_is_shown()
    {
        await using var server = await StandInServer.StartAsync();
        var shop = ShopCatalog.Invent(240, 1);
        server.Shows = person =>
        {
            // Recommends what the shop's visitors really look at next.
            var last = server.EventsByPerson[person].LastOrDefault(done => (string)done["type"]! == "view");
            var items = last is null ? [] : shop.Find((string)last["properties"]!["itemId"]!)!.Followers.Select(number => shop.Products[number].Item.Id);
            return new() { ["home.hero"] = [], ["product.recs"] = [.. items], ["checkout.upsell"] = [] };
        };

        var run = await CommandRun.OfAsync("simulate", "--events", "3000", "--people", "60", "--decide", "1", "--server", server.Address);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("events 3,000, decisions ", run.Out, StringComparison.Ordinal);
        Assert.Equal(240, server.Items.Count);
        Assert.Equal(3000, server.Events.Count());
        Assert.Empty(server.Overtaken);

        List<JsonObject> OfType(string type) => [.. server.Events.Where(done => (string)done["type"]! == type)];
        var shown = OfType("impression").Select(done => (string)done["properties"]!["placement"]!).ToList();
        Assert.Equal(["home.hero", "product.recs"], shown.Distinct().Order());

        // Most of what is shown is wanted, so it is clicked often; each click names a decision that was seen.
        var seen = OfType("impression").Select(done => (string)done["properties"]!["decisionId"]!).ToHashSet();
        var clicks = OfType("click");
        Assert.InRange(clicks.Count, shown.Count / 10, shown.Count);
        Assert.All(clicks, click => Assert.Contains((string)click["properties"]!["decisionId"]!, seen));
        var rewards = OfType("reward");
        Assert.NotEmpty(rewards);
        Assert.All(rewards, reward => Assert.True((double)reward["properties"]!["value"]! > 0));
    }

    [Fact]
    public async Task The_same_visitors_do_something_new_in_another_run()
    {
        await using var server = await StandInServer.StartAsync();
        for (var run = 0; run < 2; run++)
        {
            Assert.Equal(0, (await CommandRun.OfAsync("simulate", "--events", "500", "--people", "20", "--server", server.Address)).ExitCode);
        }

        Assert.Equal(1000, server.Events.Count());
        Assert.InRange(server.EventsByPerson.Count, 1, 20);
    }

    [Fact]
    public async Task History_is_spread_over_the_last_days_and_asks_for_no_decisions()
    {
        await using var server = await StandInServer.StartAsync();
        var run = await CommandRun.OfAsync("simulate", "--history", "30", "--events", "4000", "--server", server.Address);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(server.Decisions);
        var times = server.Events.Select(done => DateTimeOffset.Parse((string)done["timestamp"]!, null)).ToList();
        var now = DateTimeOffset.UtcNow;
        Assert.All(times, time => Assert.InRange(time, now.AddDays(-31), now));
        Assert.True(times.Max() - times.Min() > TimeSpan.FromDays(20));
    }

    [Fact]
    public async Task A_rate_spaces_the_events()
    {
        await using var server = await StandInServer.StartAsync();
        var run = await CommandRun.OfAsync("simulate", "--events", "100", "--rate", "10/s", "--decide", "0", "--concurrency", "1", "--server", server.Address);

        // Ten seconds in all, less what the last page may still hold.
        Assert.InRange(run.Waits.Sum(wait => wait.TotalSeconds), 9, 10);
    }

    [Theory]
    [InlineData("--rate", "fast")]
    [InlineData("--events", "many")]
    [InlineData("--decide", "2")]
    [InlineData("--people", "0")]
    [InlineData("--out", "x", "--rate", "5")]
    [InlineData("--out-catalog", "x")]
    [InlineData("--history", "3", "--rate", "5")]
    public async Task Options_that_make_no_sense_are_refused(params string[] options) =>
        Assert.NotEqual(0, (await CommandRun.OfAsync(["simulate", "--server", "http://127.0.0.1:1", .. options])).ExitCode);
}
