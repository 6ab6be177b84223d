using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Personalization.Core;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class DecideTests(ApiServer server) : IClassFixture<ApiServer>, IAsyncLifetime
{
    private const string Configuration =
        """
        {
          "segments": {"fans": {"condition": {"context.fan": true}}},
          "experiences": {
            "banner": {"patches": [
              {"op": "setText", "selector": "h1", "text": "Hello, <Ada> & \"all\""},
              {"op": "addClass", "selector": "body", "classes": ["vip"]}]},
            "recs": {
              "patches": [{"op": "addClass", "selector": "#recs", "classes": ["on"]}],
              "recommend": {"strategies": ["next", "popular"], "limit": 3},
              "template": {"op": "setHtml", "selector": "#recs",
                "html": "<ul>{{#items}}<li>{{title}}</li>{{/items}}</ul>{{^items}}<p>Nothing yet</p>{{/items}}"}},
            "list": {"recommend": {}, "output": "items"}
          },
          "placements": {
            "hero": {"experiences": [{"id": "banner", "audience": {"segments.fans": true}}], "ttlMs": 5000},
            "recs": {"experiences": [{"id": "recs"}]},
            "list": {"experiences": [{"id": "list"}]},
            "test": {"experiences": []}
          },
          "experiments": {"split": {"placement": "test", "status": "running", "variants": [
            {"key": "off", "weight": 0}, {"key": "on", "weight": 1, "experience": "banner"}]}},
          "items": [{"id": "A", "title": "Ärmel <b>"}, {"id": "B"}, {"id": "C"}, {"id": "Z", "stock": 0}]
        }
        """;

    public async Task InitializeAsync() => (await server.PostAsync("/v1/configuration", Configuration)).Is(200);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_decision_names_what_each_placement_shows_and_why()
    {
        var answer = await AskAsync("{'anonymousId':'d1','page':{'url':'https://shop.example/'},'placements':['hero','nowhere'],'context':{'fan':true}}");

        answer.Is(200);
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal(26, answer["decisionId"].GetString()!.Length);
        Same(
            """
            {"experience": "banner", "propensity": 1, "items": [], "reason": "audience", "patches": [
              {"op": "setText", "selector": "h1", "text": "Hello, <Ada> & \"all\""},
              {"op": "addClass", "selector": "body", "classes": ["vip"]}]}
            """,
            answer["placements"].GetProperty("hero"));
        Same("{'experience':'control','propensity':1,'items':[],'patches':[],'reason':'unknown_placement'}", answer["placements"].GetProperty("nowhere"));
        Assert.Equal(answer["placements"].At("hero", "patches").GetRawText(), answer["patches"].GetRawText());
        Assert.Equal(5000, answer["ttlMs"].GetInt32());
        Assert.Equal(0, answer["profileVersion"].GetInt64());
        Assert.Equal(server.Personalizer.Configuration.Plan.Revision, answer["revision"].GetInt64());
        Assert.False(answer.Body.TryGetProperty("stale", out _));
    }

    [Fact]
    public async Task An_answer_says_how_long_it_is()
    {
        using var content = new StringContent(Of("{'userId':'u'}"));
        using var response = await server.Http.PostAsync("/v1/decide", content);

        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        Assert.Null(response.Headers.TransferEncodingChunked);
    }

    [Fact]
    public async Task Every_placement_is_decided_where_none_is_named_and_their_patches_are_listed_in_order()
    {
        var answer = await AskAsync("{'userId':'all','context':{'fan':true}}");

        Same("['hero','list','recs','test']", JsonSerializer.SerializeToElement(answer.Is(200)["placements"].EnumerateObject().Select(member => member.Name)));
        var inOrder = answer["placements"].EnumerateObject().SelectMany(member => member.Value.GetProperty("patches").EnumerateArray());
        Assert.Equal(6, answer["patches"].GetArrayLength());
        Assert.Equal(inOrder.Select(patch => patch.GetRawText()), answer["patches"].EnumerateArray().Select(patch => patch.GetRawText()));
    }

    [Fact]
    public async Task An_experiment_tells_its_variant_and_how_likely_it_was()
    {
        var test = (await AskAsync("{'userId':'exp','placements':['test']}"))["placements"].GetProperty("test");

        Assert.Equal("split", test.GetProperty("experiment").GetString());
        Assert.Equal("on", test.GetProperty("variant").GetString());
        Assert.Equal(1, test.GetProperty("propensity").GetDouble());
        Assert.Equal("banner", test.GetProperty("experience").GetString());
        Assert.Equal("experiment", test.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Items_are_recommended_with_reasons_and_rendered_into_the_template()
    {
        // Somebody went from B to A, so that A follows B; C, which nobody looked at, fills the place that is left.
        await ClickAsync("leader", "B");
        await ClickAsync("leader", "A");
        await ClickAsync("follower", "B");

        var recs = (await AskAsync("{'userId':'follower','placements':['recs']}")).Is(200)["placements"].GetProperty("recs");

        Assert.Equal("recs", recs.GetProperty("experience").GetString());
        Assert.Equal("A", recs.At("items", 0, "id").GetString());
        Same("['next:B']", recs.At("items", 0, "reasons"));
        Assert.Equal(1, recs.At("items", 0, "score").GetDouble());
        Assert.Equal("addClass", recs.At("patches", 0, "op").GetString());
        Assert.Equal("#recs", recs.At("patches", 1, "selector").GetString());
        Assert.Equal("<ul><li>Ärmel &lt;b&gt;</li><li>C</li></ul>", recs.At("patches", 1, "html").GetString());
    }

    [Fact]
    public async Task A_template_without_items_shows_what_it_has_for_that()
    {
        var recs = (await AskAsync("{'userId':'nobody','placements':['recs'],'candidates':{'recs':['unknown','Z']}}")).Is(200)["placements"].GetProperty("recs");

        Assert.Equal(0, recs.GetProperty("items").GetArrayLength());
        Assert.Equal("<ul></ul><p>Nothing yet</p>", recs.At("patches", 1, "html").GetString());
    }

    [Fact]
    public async Task Candidates_are_all_there_is_to_choose_from_up_to_the_limit()
    {
        var list = (await AskAsync("{'userId':'nobody','placements':['list'],'candidates':{'list':['C','A','B']},'limit':2}"))["placements"].GetProperty("list");

        Assert.Equal(2, list.GetProperty("items").GetArrayLength());
        Assert.Equal(0, list.GetProperty("patches").GetArrayLength());
    }

    [Fact]
    public async Task A_click_is_seen_by_the_next_decision()
    {
        var version = (await ClickAsync("quick", "A"))["profileVersion"].GetInt64();

        var answer = await AskAsync($"{{'anonymousId':'quick','minProfileVersion':{version}}}");

        Assert.Equal(version, answer.Is(200)["profileVersion"].GetInt64());
        Assert.False(answer.Body.TryGetProperty("stale", out _));
    }

    [Fact]
    public async Task A_version_that_is_not_reached_makes_the_answer_stale() =>
        Assert.True((await AskAsync("{'userId':'u','minProfileVersion':9000000}")).Is(200)["stale"].GetBoolean());

    [Fact]
    public async Task Unknown_members_and_nulls_are_ignored() =>
        (await AskAsync("{'x':[{'y':1}],'userId':'u','anonymousId':null,'page':null,'placements':null,'context':null,'candidates':null,'limit':null,'minProfileVersion':null}"))
            .Is(200);

    [Theory]
    [InlineData("", "", "required")]
    [InlineData("{'userId':'u'", "", "not_json")]
    [InlineData("{'userId':'u'} x", "", "not_json")]
    [InlineData("{'userId':'u','limit':NaN}", "", "not_json")]
    [InlineData("['u']", "", "invalid_type")]
    [InlineData("{}", "anonymousId", "required")]
    [InlineData("{'userId':''}", "userId", "empty")]
    [InlineData("{'userId':5}", "userId", "invalid_type")]
    [InlineData("{'userId':['u']}", "userId", "invalid_type")]
    [InlineData("{'anonymousId':'a\\nb'}", "anonymousId", "control_character")]
    [InlineData("{'anonymousId':'\\udc00'}", "anonymousId", "invalid_text")]
    [InlineData("{'\\udc00':1}", "", "invalid_text")]
    [InlineData("{'userId':'u','context':{'a':['\\udc00']}}", "", "invalid_text")]
    [InlineData("{'userId':'u','page':'/'}", "page", "invalid_type")]
    [InlineData("{'userId':'u','page':{'url':1}}", "page.url", "invalid_type")]
    [InlineData("{'userId':'u','placements':'hero'}", "placements", "invalid_type")]
    [InlineData("{'userId':'u','placements':['hero',1]}", "placements[1]", "invalid_type")]
    [InlineData("{'userId':'u','placements':[null]}", "placements[0]", "invalid_type")]
    [InlineData("{'userId':'u','placements':['a','b','a']}", "placements[2]", "duplicate")]
    [InlineData("{'userId':'u','context':[]}", "context", "invalid_type")]
    [InlineData("{'userId':'u','candidates':[]}", "candidates", "invalid_type")]
    [InlineData("{'userId':'u','candidates':{'recs':'A'}}", "candidates.recs", "invalid_type")]
    [InlineData("{'userId':'u','candidates':{'recs':['A',{}]}}", "candidates.recs[1]", "invalid_type")]
    [InlineData("{'userId':'u','limit':0}", "limit", "out_of_range")]
    [InlineData("{'userId':'u','limit':101}", "limit", "out_of_range")]
    [InlineData("{'userId':'u','limit':2.5}", "limit", "out_of_range")]
    [InlineData("{'userId':'u','limit':1e99}", "limit", "out_of_range")]
    [InlineData("{'userId':'u','limit':'5'}", "limit", "invalid_type")]
    [InlineData("{'userId':'u','minProfileVersion':-1}", "minProfileVersion", "out_of_range")]
    public async Task A_bad_question_is_refused_with_the_path_of_the_wrong_field(string body, string path, string code) =>
        (await AskAsync(body)).IsProblem(400, path, code);

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var answer = await AskAsync("{'userId':1,'limit':0}");

        answer.IsProblem(400, "userId", "invalid_type");
        answer.IsProblem(400, "limit", "out_of_range");
    }

    [Fact]
    public async Task An_id_of_256_characters_is_taken_and_one_of_257_is_not()
    {
        (await AskAsync($"{{'userId':'{new string('u', 256)}'}}")).Is(200);
        (await AskAsync($"{{'userId':'{new string('u', 257)}'}}")).IsProblem(400, "userId", "too_long");
    }

    [Fact]
    public async Task Fifty_placements_are_decided_and_fifty_one_refused()
    {
        (await AskAsync($"{{'userId':'u','placements':[{Numbered("p", 50)}]}}")).Is(200);
        (await AskAsync($"{{'userId':'u','placements':[{Numbered("p", 51)}]}}")).IsProblem(400, "placements", "too_many");
    }

    [Fact]
    public async Task A_thousand_candidates_are_taken_and_one_more_refused()
    {
        (await AskAsync($"{{'userId':'u','candidates':{{'recs':[{Numbered("c", 1000)}]}}}}")).Is(200);
        (await AskAsync($"{{'userId':'u','candidates':{{'recs':[{Numbered("c", 1001)}]}}}}")).IsProblem(400, "candidates.recs", "too_many");
    }

    [Fact]
    public async Task A_question_that_nests_32_deep_is_taken_and_a_deeper_one_refused()
    {
        (await AskAsync(Nested(32))).Is(200);
        (await AskAsync(Nested(33))).IsProblem(400, "", "too_deep");
        (await AskAsync(Nested(5000))).IsProblem(400, "", "too_deep");

        static string Nested(int depth) =>
            $"{{'userId':'u','context':{{'x':{new string('[', depth - 2)}{new string(']', depth - 2)}}}}}";
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_over_256_KiB_is_refused_declared_or_not(bool isDeclared)
    {
        var text = Of("{'userId':'u','x':'") + new string('x', 256 * 1024) + Of("'}");

        (await server.SendAsync(HttpMethod.Post, "/v1/decide", new TextContent(text, "application/json", isDeclared))).IsProblem(413);
    }

    [Fact]
    public async Task A_large_question_in_many_segments_is_read_whole()
    {
        var text = Of("{'x':'") + new string('x', 200 * 1024) + Of("','userId':'u','placements':['hero']}");

        foreach (var isDeclared in new[] { true, false })
        {
            var answer = await server.SendAsync(HttpMethod.Post, "/v1/decide", new TextContent(text, "application/json", isDeclared));
            Assert.True(answer.Is(200)["placements"].TryGetProperty("hero", out _));
        }
    }

    [Fact]
    public async Task A_question_that_arrives_in_two_halves_is_awaited()
    {
        var body = Of("{'userId':'u','placements':['hero']}");
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = socket.GetStream();
        socket.NoDelay = true;

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/decide HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body[..10]}"));
        (await server.GetAsync("/healthz")).Is(200);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body[10..]));
        var answer = await new StreamReader(stream).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains("\"hero\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_that_finishes_later_is_awaited()
    {
        server.Personalizer.IsRemote = true;
        try
        {
            (await AskAsync("{'userId':'u'}")).Is(200);
        }
        finally
        {
            server.Personalizer.IsRemote = false;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fault_of_the_server_is_a_problem_without_its_insides(bool isRemote)
    {
        server.Personalizer.DecisionFailure = new InvalidOperationException("a secret");
        server.Personalizer.IsRemote = isRemote;
        try
        {
            var answer = await AskAsync("{'userId':'u'}");

            answer.IsProblem(500);
            Assert.DoesNotContain("secret", answer.Body.GetRawText(), StringComparison.Ordinal);

            server.Personalizer.DecisionFailure = new UnavailableException("Wait.", TimeSpan.FromMilliseconds(1));
            answer = await AskAsync("{'userId':'u'}");
            answer.IsProblem(503);
            Assert.Equal("1", answer.Headers.RetryAfter!.ToString());
        }
        finally
        {
            server.Personalizer.DecisionFailure = null;
            server.Personalizer.IsRemote = false;
        }
    }

    [Fact]
    public async Task Decisions_asked_for_at_once_do_not_mix()
    {
        var names = Enumerable.Range(0, 200).Select(index => $"n{index}").ToArray();

        var answers = await Task.WhenAll(names.Select(name => AskAsync($"{{'userId':'u','placements':['{name}','recs']}}")));

        for (var i = 0; i < names.Length; i++)
        {
            Assert.True(answers[i].Is(200)["placements"].TryGetProperty(names[i], out _));
        }
    }

    private static string Numbered(string prefix, int count) => string.Join(',', Enumerable.Range(0, count).Select(index => $"'{prefix}{index}'"));

    private Task<Answer> AskAsync(string body) => server.PostAsync("/v1/decide", Of(body));

    private async Task<Answer> ClickAsync(string person, string item)
    {
        var id = Guid.NewGuid();
        return (await server.PostAsync(
            "/v1/events", Of($"{{'events':[{{'messageId':'{id}','type':'click','anonymousId':'{person}','properties':{{'itemId':'{item}'}}}}]}}"))).Is(202);
    }
}
