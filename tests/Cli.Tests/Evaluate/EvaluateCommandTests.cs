using System.Text.Json.Nodes;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Evaluate;

public sealed class EvaluateCommandTests
{
    private const string Mapping = """
        event:
          messageId: "{who}-{at}"
          type: click
          timestamp: { value: "{day}T00:00:00Z", plusSeconds: at }
          anonymousId: "{who}"
          properties: { itemId: "{item}" }
        items: { id: "{item}", title: "Item {item}" }
        """;

    private const string Clicks = """
        who,day,at,item
        t1,2020-01-01,1,a
        t1,2020-01-01,2,b
        t1,2020-01-01,3,c
        single,2020-01-01,1,z
        s1,2020-02-01,1,a
        s1,2020-02-01,2,b
        s1,2020-02-01,3,z
        s1,2020-02-01,4,c
        s2,2020-02-01,1,b
        s2,2020-02-01,2,c
        """;

    [Fact]
    public async Task Every_later_click_is_predicted_from_the_clicks_before_it()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.Shows = person => new()
        {
            // Knows what follows: after a comes b, after b comes c.
            ["evaluate.next"] = (string?)server.EventsByPerson[person][^1]["properties"]!["itemId"] == "a" ? ["b"] : ["c"],
            ["evaluate.popular"] = ["a", "b", "x"],
        };

        var run = await EvaluateAsync(folder, server, "--json");

        // s1 has two predictions (b, then c: z was in no training session), s2 one (c).
        Assert.Equal(0, run.ExitCode);
        var report = JsonNode.Parse(run.Out)!;
        Assert.Equal((3, 1, 2), ((int)report["predictions"]!, (int)report["trainingSessions"]!, (int)report["testSessions"]!));
        Assert.Equal((1, 1), ((double)report["placements"]!["evaluate.next"]!["hr@1"]!, (double)report["placements"]!["evaluate.next"]!["mrr@20"]!));
        Assert.Equal((0, 0.333333), ((double)report["placements"]!["evaluate.popular"]!["hr@1"]!, (double)report["placements"]!["evaluate.popular"]!["hr@5"]!));
        Assert.Equal(0.166667, (double)report["placements"]!["evaluate.popular"]!["mrr@20"]!);
    }

    [Fact]
    public async Task The_server_learns_the_training_sessions_and_nothing_from_the_test()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.Shows = _ => new() { ["evaluate.next"] = [], ["evaluate.popular"] = [] };

        await EvaluateAsync(folder, server);
        await EvaluateAsync(folder, server);

        Assert.Equal(["a", "b", "c"], server.EventsByPerson["t1"].Select(click => (string)click["properties"]!["itemId"]!));
        Assert.All(server.EventsByPerson["t1"], click => Assert.Null(click["consent"]));
        Assert.DoesNotContain("single", server.EventsByPerson.Keys);

        // Test people are new in each run, live, and not to be learned from.
        var test = server.EventsByPerson.Where(person => person.Key.StartsWith("evaluate-", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, test.Count);
        Assert.All(test.SelectMany(person => person.Value), click =>
        {
            Assert.False((bool)click["consent"]!["training"]!);
            Assert.Null(click["timestamp"]);
        });
        Assert.Empty(server.Overtaken);
        Assert.Equal(["a", "b", "c"], server.Items.Select(item => (string)item["id"]!).Distinct());
    }

    [Fact]
    public async Task Both_placements_are_configured_and_asked_together()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.Shows = _ => new() { ["evaluate.next"] = [], ["evaluate.popular"] = [] };
        await EvaluateAsync(folder, server);
        Assert.Equal(
            """{"recommend":{"strategies":["next","popular"],"limit":20,"excludeSeen":false},"output":"items"}""",
            server.Puts["/v1/experiences/evaluate.next"]!.ToJsonString());
        Assert.Equal("""{"experiences":[{"id":"evaluate.popular"}]}""", server.Puts["/v1/placements/evaluate.popular"]!.ToJsonString());
        Assert.All(server.Decisions, asked =>
        {
            Assert.Equal("""["evaluate.next","evaluate.popular"]""", asked["placements"]!.ToJsonString());
            Assert.Equal(20, (int)asked["limit"]!);
        });
    }

    [Fact]
    public async Task The_table_has_a_row_for_each_placement()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.Shows = _ => new() { ["evaluate.next"] = ["c"], ["evaluate.popular"] = [] };
        var run = await EvaluateAsync(folder, server, "--limit", "1");
        Assert.Contains("| evaluate.next    | 0.5000 | 0.5000 | 0.5000 | 0.5000 | 0.5000 |", run.Out, StringComparison.Ordinal);
        Assert.Contains("| evaluate.popular | 0.0000 | 0.0000 | 0.0000 | 0.0000 | 0.0000 |", run.Out, StringComparison.Ordinal);
        Assert.Contains("2 predictions in 1 sessions, learned from 1 sessions", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_has_learned_before_is_refused_unless_allowed()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.LearnedBefore = 5;
        server.Shows = _ => new() { ["evaluate.next"] = [], ["evaluate.popular"] = [] };

        var refused = await EvaluateAsync(folder, server);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("error: The server has already learned from 5 events", refused.Error, StringComparison.Ordinal);
        Assert.Empty(server.EventsByPerson);

        var allowed = await EvaluateAsync(folder, server, "--allow-learned");
        Assert.Equal(0, allowed.ExitCode);
        Assert.Contains("warning: The server has already learned from 5 events", allowed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_without_the_placement_is_an_error_and_no_miss()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.Shows = _ => new() { ["evaluate.next"] = [] };
        var run = await EvaluateAsync(folder, server);
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("error: The server's decision lacks the placement evaluate.popular.\n", run.Error, StringComparison.Ordinal);
    }

    private static Task<CommandRun> EvaluateAsync(TemporaryFolder folder, StandInServer server, params string[] more) => CommandRun.OfAsync(
    [
        "evaluate", folder.Write("clicks.csv", Clicks), "--mapping", folder.Write("m.yaml", Mapping), "--split", "2020-02-01", "--server", server.Address, .. more,
    ]);
}
