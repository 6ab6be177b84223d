using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests.Grpc;

public sealed class DecideCallTests(GrpcServer server) : IClassFixture<GrpcServer>, IAsyncLifetime
{
    private const string Configuration =
        """
        {
          "segments": {"fans": {"condition": {"$and": [{"context.fan": true}, {"context.tags": {"$elemMatch": {"$eq": "x"}}}]}}},
          "experiences": {
            "banner": {"patches": [
              {"op": "setText", "selector": "h1", "text": "Hello, <Ada> & \"all\""},
              {"op": "setHtml", "selector": "h2", "html": "<b>Ä</b>"},
              {"op": "setAttribute", "selector": "img", "name": "alt", "value": ""},
              {"op": "removeAttribute", "selector": "img", "name": "title"},
              {"op": "addClass", "selector": "body", "classes": ["vip", "gold"]},
              {"op": "removeClass", "selector": "body", "classes": ["new"]},
              {"op": "setStyle", "selector": "p", "property": "color", "value": "red", "important": true},
              {"op": "insert", "selector": "ul", "html": "<li>1</li>", "position": "before"},
              {"op": "insert", "selector": "ul", "html": "<li>2</li>", "position": "prepend"},
              {"op": "insert", "selector": "ul", "html": "<li>3</li>", "position": "append"},
              {"op": "move", "selector": "#a", "target": "#b", "position": "after"},
              {"op": "remove", "selector": ".old"},
              {"op": "replace", "selector": "h3", "html": "<h3>!</h3>"},
              {"op": "hide", "selector": ".x"},
              {"op": "show", "selector": ".y"},
              {"op": "css", "css": ".x { color: red }"},
              {"op": "redirect", "url": "/sale"}]},
            "recs": {
              "patches": [{"op": "addClass", "selector": "#recs", "classes": ["on"]}],
              "recommend": {"strategies": ["next", "popular"], "limit": 3},
              "template": {"op": "insert", "position": "append", "selector": "#recs",
                "html": "<ul>{{#items}}<li>{{title}}</li>{{/items}}</ul>{{^items}}<p>Nothing \"yet\"</p>{{/items}}"}},
            "list": {"recommend": {}, "output": "items"}
          },
          "placements": {
            "hero": {"experiences": [{"id": "banner", "audience": {"segments.fans": true}}], "ttlMs": 5000},
            "recs": {"experiences": [{"id": "recs"}]},
            "list": {"experiences": [{"id": "list"}]},
            "test": {"experiences": []}
          },
          "experiments": {"split": {"placement": "test", "status": "running", "variants": [
            {"key": "off", "weight": 0.5}, {"key": "on", "weight": 0.5, "experience": "banner"}]}},
          "items": [{"id": "A", "title": "Ärmel <b>"}, {"id": "B"}, {"id": "C"}, {"id": "Z", "stock": 0}]
        }
        """;

    public Task InitializeAsync() => server.PostAsync("/v1/configuration", Configuration);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("'userId':'follower'")]
    [InlineData("'anonymousId':'stranger'")]
    [InlineData("'userId':'f1','placements':['test','hero','nowhere'],'context':{'fan':true,'tags':['y','x']}")]
    [InlineData("'userId':'f2','placements':['test','hero'],'context':{'fan':true,'tags':['y']},'page':{'url':'https://shop.example/a?b','title':''}")]
    [InlineData("'userId':'f3','placements':['test'],'limit':1")]
    public async Task Both_doors_answer_the_same_decision_for_the_same_person(string question)
    {
        await ClickAsync("leader", "B");
        await ClickAsync("leader", "A");
        await ClickAsync("follower", "B");

        var rest = await server.PostAsync("/v1/decide", $"{{{question}}}");
        var grpc = await AskAsync($"{{{question}}}");

        Assert.Equal(Described(rest), Described(grpc));
        Assert.Equal(26, grpc.DecisionId.Length);
        Assert.NotEqual(rest.GetProperty("decisionId").GetString(), grpc.DecisionId);
        Assert.Equal(
            rest.GetProperty("patches").EnumerateArray().SelectMany(Members),
            grpc.Placements.SelectMany(placement => placement.Patches).SelectMany(Members));
    }

    [Fact]
    public async Task Both_doors_choose_from_the_same_candidates()
    {
        var rest = await server.PostAsync("/v1/decide", "{'userId':'c','candidates':{'list':['C','unknown','A'],'recs':['Z']}}");
        var grpc = await AskAsync("{'userId':'c','candidates':{'list':{'itemIds':['C','unknown','A']},'recs':{'itemIds':['Z']}}}");

        Assert.Equal(Described(rest), Described(grpc));
        Assert.Equal(2, grpc.Placements.Single(placement => placement.Placement == "list").Items.Count);
        Assert.Equal("<ul></ul><p>Nothing \"yet\"</p>", grpc.Placements.Single(placement => placement.Placement == "recs").Patches[1].Html);
    }

    [Fact]
    public async Task A_template_is_rendered_to_markup_that_is_escaped_for_nothing_else()
    {
        await ClickAsync("maker", "B");
        await ClickAsync("maker", "A");
        await ClickAsync("taker", "B");

        var recs = (await AskAsync("{'userId':'taker','placements':['recs']}")).Placements.Single();

        Assert.Equal("recs", recs.Experience);
        Assert.Equal(["next:B"], recs.Items[0].Reasons);
        Assert.Equal(V1.PatchOp.Insert, recs.Patches[1].Op);
        Assert.Equal(V1.InsertPosition.Append, recs.Patches[1].Position);
        Assert.Equal("<ul><li>Ärmel &lt;b&gt;</li><li>C</li></ul>", recs.Patches[1].Html);
    }

    [Fact]
    public void Every_op_and_position_has_its_name_on_the_wire()
    {
        Assert.Equal(
            System.Enum.GetValues<Core.Patches.PatchOp>().Select(op => (op.ToString(), (int)op + 1)).Prepend(("Unspecified", 0)),
            System.Enum.GetValues<V1.PatchOp>().Select(op => (op.ToString(), (int)op)));
        Assert.Equal(
            System.Enum.GetValues<Core.Patches.InsertPosition>().Select(position => (position.ToString(), (int)position + 1)).Prepend(("Unspecified", 0)),
            System.Enum.GetValues<V1.InsertPosition>().Select(position => (position.ToString(), (int)position)));
    }

    [Fact]
    public async Task A_decision_sees_the_event_that_was_acknowledged_before_it_was_asked()
    {
        var receipt = await ClickAsync("quick", "A");

        var decision = await AskAsync($"{{'userId':'quick','minProfileVersion':{receipt.ProfileVersion}}}");
        var early = await AskAsync($"{{'userId':'quick','minProfileVersion':{receipt.ProfileVersion + 1000}}}");

        Assert.Equal(receipt.ProfileVersion, decision.ProfileVersion);
        Assert.False(decision.Stale);
        Assert.True(early.Stale);
    }

    [Theory]
    [InlineData("{}", "anonymousId", "required")]
    [InlineData("{'userId':''}", "userId", "empty")]
    [InlineData("{'anonymousId':'a\\nb'}", "anonymousId", "control_character")]
    [InlineData("{'userId':'u','placements':['hero','']}", "placements[1]", "empty")]
    [InlineData("{'userId':'u','placements':['a','b','a']}", "placements[2]", "duplicate")]
    [InlineData("{'userId':'u','candidates':{'recs':{'itemIds':['A','\\u0007']}}}", "candidates.recs[1]", "control_character")]
    [InlineData("{'userId':'u','limit':0}", "limit", "out_of_range")]
    [InlineData("{'userId':'u','limit':101}", "limit", "out_of_range")]
    [InlineData("{'userId':'u','minProfileVersion':-1}", "minProfileVersion", "out_of_range")]
    public Task A_bad_question_is_refused_with_the_path_of_the_wrong_field(string question, string path, string code) =>
        Refusal.InvalidAsync(path, code, Call(question));

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var refusal = await Refusal.OfAsync(StatusCode.InvalidArgument, Call("{'userId':'','limit':0}"));

        Assert.Equal([("userId", "empty"), ("limit", "out_of_range")], refusal.Violations);
        Assert.Equal((int)StatusCode.InvalidArgument, refusal.Details.Code);
        Assert.Equal(refusal.Status.Detail, refusal.Details.Message);
    }

    [Fact]
    public async Task Of_very_many_faults_as_many_are_told_as_trailers_hold()
    {
        var request = new V1.DecideRequest { UserId = "u" };
        request.Candidates.Add(new string('p', 5000), new V1.Candidates { ItemIds = { Enumerable.Repeat("", 1000) } });

        var refusal = await Refusal.OfAsync(StatusCode.InvalidArgument, server.Client.DecideAsync(request));

        Assert.InRange(refusal.Violations.Count(), 2, 999);
        Assert.StartsWith("1000 things are wrong", refusal.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(refusal.Trailers.Sum(trailer => trailer.IsBinary ? trailer.ValueBytes.Length * 4 / 3 : trailer.Value.Length), 0, 8 * 1024);
    }

    [Fact]
    public async Task An_id_of_256_characters_is_taken_and_one_of_257_is_not()
    {
        await AskAsync($"{{'userId':'{new string('u', 256)}'}}");
        await Refusal.InvalidAsync("userId", "too_long", Call($"{{'userId':'{new string('u', 257)}'}}"));
    }

    [Fact]
    public async Task Fifty_placements_are_decided_and_fifty_one_refused()
    {
        Assert.Equal(50, (await AskAsync($"{{'userId':'u','placements':[{Numbered(50)}]}}")).Placements.Count);
        await Refusal.InvalidAsync("placements", "too_many", Call($"{{'userId':'u','placements':[{Numbered(51)}]}}"));
    }

    [Fact]
    public async Task A_thousand_candidates_are_taken_and_one_more_refused()
    {
        await AskAsync($"{{'userId':'u','candidates':{{'recs':{{'itemIds':[{Numbered(1000)}]}}}}}}");
        await Refusal.InvalidAsync(
            "candidates.recs", "too_many", Call($"{{'userId':'u','candidates':{{'recs':{{'itemIds':[{Numbered(1001)}]}}}}}}"));
    }

    [Fact]
    public async Task A_context_nests_as_deep_as_over_REST_and_no_deeper()
    {
        await server.Client.DecideAsync(Nested(30));
        await Refusal.InvalidAsync("context", "too_deep", server.Client.DecideAsync(Nested(31)));

        static V1.DecideRequest Nested(int arrays)
        {
            var value = Value.ForNull();
            for (var i = 0; i < arrays; i++)
            {
                value = Value.ForList(value);
            }

            return new V1.DecideRequest { UserId = "u", Context = new Struct { Fields = { ["x"] = value } } };
        }
    }

    [Fact]
    public async Task A_question_over_256_KiB_is_refused()
    {
        var request = new V1.DecideRequest { UserId = "u", Context = new Struct { Fields = { ["x"] = Value.ForString(new string('x', 256 * 1024)) } } };

        await Refusal.OfAsync(StatusCode.ResourceExhausted, server.Client.DecideAsync(request));
    }

    [Fact]
    public async Task Decisions_asked_for_at_once_do_not_mix()
    {
        var names = Enumerable.Range(0, 200).Select(index => $"n{index}").ToArray();

        var answers = await Task.WhenAll(names.Select(name => AskAsync($"{{'userId':'{name}','placements':['{name}','recs']}}")));

        Assert.Equal(names, answers.Select(answer => answer.Placements[0].Placement));
    }

    private static string Numbered(int count) => string.Join(',', Enumerable.Range(0, count).Select(index => $"'n{index}'"));

    // The wire's own JSON form has the names of REST.
    private AsyncUnaryCall<V1.DecideResponse> Call(string question) =>
        server.Client.DecideAsync(V1.DecideRequest.Parser.ParseJson(Of(question)));

    private async Task<V1.DecideResponse> AskAsync(string question) => await Call(question);

    private async Task<V1.IngestResponse> ClickAsync(string person, string item) => await server.Client.IngestAsync(new V1.IngestRequest
    {
        Events =
        {
            new V1.Event
            {
                MessageId = Guid.NewGuid().ToString(),
                Type = "click",
                UserId = person,
                Properties = new V1.EventProperties { ItemId = item },
            },
        },
    });

    private static string Described(JsonElement decision) => string.Join('\n', [
        .. decision.GetProperty("placements").EnumerateObject().Select(placement => string.Join(' ', [
            placement.Name,
            Text(placement.Value, "experience"),
            Text(placement.Value, "experiment"),
            Text(placement.Value, "variant"),
            Text(placement.Value, "propensity"),
            Text(placement.Value, "reason"),
            .. placement.Value.GetProperty("items").EnumerateArray().Select(item =>
                $"{Text(item, "id")}={Text(item, "score")}:{string.Join(',', item.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()))}"),
            .. placement.Value.GetProperty("patches").EnumerateArray().SelectMany(Members)])),
        Text(decision, "ttlMs"),
        Text(decision, "profileVersion"),
        Text(decision, "revision")]);

    private static string Described(V1.DecideResponse decision) => string.Join('\n', [
        .. decision.Placements.Select(placement => string.Join(' ', [
            placement.Placement,
            placement.Experience,
            placement.Experiment,
            placement.Variant,
            Text(placement.Propensity),
            placement.Reason,
            .. placement.Items.Select(item => $"{item.Id}={Text(item.Score)}:{string.Join(',', item.Reasons)}"),
            .. placement.Patches.SelectMany(Members)])),
        Text(decision.TtlMs),
        Text(decision.ProfileVersion),
        Text(decision.Revision)]);

    private static IEnumerable<string> Members(JsonElement patch) =>
        patch.EnumerateObject().Select(member => $"{member.Name}={member.Value}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Members(V1.Patch patch)
    {
        IEnumerable<(string Name, bool IsThere, object Value)> members =
        [
            ("op", true, JsonNamingPolicy.CamelCase.ConvertName(patch.Op.ToString())),
            ("selector", patch.HasSelector, patch.Selector),
            ("text", patch.HasText, patch.Text),
            ("html", patch.HasHtml, patch.Html),
            ("name", patch.HasName, patch.Name),
            ("value", patch.HasValue, patch.Value),
            ("classes", patch.Classes.Count > 0, JsonSerializer.Serialize<IEnumerable<string>>(patch.Classes)),
            ("property", patch.HasProperty, patch.Property),
            ("important", patch.Important, patch.Important),
            ("position", patch.Position != V1.InsertPosition.Unspecified, JsonNamingPolicy.CamelCase.ConvertName(patch.Position.ToString())),
            ("target", patch.HasTarget, patch.Target),
            ("url", patch.HasUrl, patch.Url),
            ("css", patch.HasCss, patch.Css),
        ];
        return members
            .Where(member => member.IsThere)
            .Select(member => $"{member.Name}={member.Value}")
            .Order(StringComparer.Ordinal);
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
