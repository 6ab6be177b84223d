using System.Text.Json.Nodes;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Apply;

public sealed class ApplyCommandTests
{
    private const string Hero = """
        # The hero and its test.
        experiences:
          hero.big: { patches: [{ op: setText, selector: h1, text: "Hello" }] }
        placements:
          home.hero:
            experiences:
              - id: hero.big
              - { id: hero.small, weight: 0.5 }
        ---
        experiments:
          hero:
            variants:
              - key: a
                weight: 0.5
              - key: b
                weight: -1
        items:
          - { id: "1", price: 9.5 }
        """;

    private const string Shop = """
        {
          // Comments are kept out of what is sent.
          "segments": { "buyers": { "purchases": { "$gte": 1 } } },
          "items": [{ "id": "2" }, { "id": "3", "price": "free" }],
        }
        """;

    [Fact]
    public async Task All_files_are_sent_as_one_request_and_the_changes_are_listed()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.ConfigurationAnswer = () => (200, """{"revision":12,"changed":[{"kind":"experiment","id":"hero"}],"unchanged":6}""");

        var run = await CommandRun.OfAsync("apply", folder.Write("hero.yaml", Hero), folder.Write("shop.json", Shop), "--server", server.Address);

        Assert.Equal((0, "revision 12: 1 changed, 6 unchanged\n  experiment hero\n"), (run.ExitCode, run.Out));
        var (query, body) = Assert.Single(server.Configurations);
        Assert.Equal("", query);
        Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(
            """
            {
              "segments": { "buyers": { "purchases": { "$gte": 1 } } },
              "experiences": { "hero.big": { "patches": [{ "op": "setText", "selector": "h1", "text": "Hello" }] } },
              "placements": { "home.hero": { "experiences": [{ "id": "hero.big" }, { "id": "hero.small", "weight": 0.5 }] } },
              "experiments": { "hero": { "variants": [{ "key": "a", "weight": 0.5 }, { "key": "b", "weight": -1 }] } },
              "items": [{ "id": "1", "price": 9.5 }, { "id": "2" }, { "id": "3", "price": "free" }]
            }
            """)));
    }

    [Fact]
    public async Task A_dry_run_says_so_to_the_server_and_to_the_reader()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var run = await CommandRun.OfAsync("apply", folder.Write("hero.yaml", Hero), "--dry-run", "--server", server.Address);
        Assert.Equal((0, "dry run: 0 would change, 0 would not\n"), (run.ExitCode, run.Out));
        Assert.Equal("?dryRun=true", server.Configurations[0].Query);
    }

    [Fact]
    public async Task What_the_server_finds_wrong_is_said_with_file_and_line()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        server.ConfigurationAnswer = () => (400,
            """
            {"title":"The configuration is invalid.","errors":[
              {"path":"experiments.hero.variants[1].weight","code":"out_of_range","detail":"A weight is 0 or more."},
              {"path":"placements.home.hero.experiences[1].id","code":"unknown_experience","detail":"There is no experience hero.small."},
              {"path":"experiments.hero.metric","code":"required","detail":"A metric is needed."},
              {"path":"items[2].price","code":"wrong_type","detail":"A price is a number."},
              {"path":"segments.buyers.purchases.$gte","code":"odd","detail":"Odd."},
              {"path":"","code":"other","detail":"Something else."}]}
            """);
        var (hero, shop) = (folder.Write("hero.yaml", Hero), folder.Write("shop.json", Shop));

        var run = await CommandRun.OfAsync("apply", hero, shop, "--server", server.Address);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"""
            error: The configuration is invalid. Nothing was changed.
            {hero}:16: experiments.hero.variants[1].weight: A weight is 0 or more. (out_of_range)
            {hero}:8: placements.home.hero.experiences[1].id: There is no experience hero.small. (unknown_experience)
            {hero}:12: experiments.hero.metric: A metric is needed. (required)
            {shop}: items[1].price: A price is a number. (wrong_type)
            {shop}: segments.buyers.purchases.$gte: Odd. (odd)
            Something else. (other)

            """,
            run.Error);
    }

    [Theory]
    [InlineData("placements:\n  home.hero: {}", "placements 'home.hero' is already defined in ")]
    [InlineData("items:\n  - id: \"1\"", "items '1' is already defined in ")]
    public async Task An_id_defined_twice_is_an_error_that_names_both_places(string yaml, string message)
    {
        using var folder = new TemporaryFolder();
        var (hero, second) = (folder.Write("hero.yaml", Hero), folder.Write("second.yaml", yaml));
        var run = await CommandRun.OfAsync("apply", hero, second, "--server", "http://127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"error: {second}:2: {message}{hero}:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.yaml", "experience: {}", ":1: 'experience' means nothing here. These do: segments, experiences, placements, experiments, predictors, features, settings, schemas, retention, items.")]
    [InlineData("a.yaml", "items: { a: 1 }", ":1: 'items' is a list.")]
    [InlineData("a.yaml", "- 1", ":1: A configuration is a mapping of names to values.")]
    [InlineData("a.json", "{ \"rules\": {} }", ": 'rules' means nothing here. These do: segments, experiences, placements, experiments, predictors, features, settings, schemas, retention, items.")]
    [InlineData("a.json", "{ \"segments\": {}, \"segments\": {} }", ": this is not JSON: ")]
    [InlineData("a.json", "{\n", ":2: this is not JSON: ")]
    public async Task A_file_that_is_no_configuration_is_refused_before_anything_is_sent(string name, string content, string message)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(name, content);
        var run = await CommandRun.OfAsync("apply", file, "--server", "http://127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"error: {file}{message}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_one_clear_line()
    {
        var run = await CommandRun.OfAsync("apply", "/nowhere/a.yaml");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches("^error: Can't read /nowhere/a.yaml: .*\n$", run.Error);
    }
}
