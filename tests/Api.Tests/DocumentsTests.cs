using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class DocumentsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Always = "{'condition':{'profile.known':true}}";
    private const string Never = "{'condition':{'profile.known':{'$in':[]}}}";
    private const string Hello = "{'patches':[{'op':'setText','selector':'h1','text':'Hello'}]}";

    [Fact]
    public async Task A_document_is_created_read_replaced_and_removed()
    {
        var created = (await PutAsync("segments/life", Always)).Is(201);
        Same(Always, created.Body);

        var read = (await server.GetAsync("/v1/segments/life")).Is(200);
        Same(Always, read.Body);
        Assert.NotNull(read.ETag);
        Assert.Equal(created.ETag, read.ETag);

        var replaced = (await PutAsync("segments/life", Never)).Is(200);
        Same(Never, replaced.Body);
        Assert.NotEqual(created.ETag, replaced.ETag);

        var removed = (await server.DeleteAsync("/v1/segments/life")).Is(204);
        Assert.Null(removed.MediaType);
        (await server.GetAsync("/v1/segments/life")).IsProblem(404);
        (await server.DeleteAsync("/v1/segments/life")).IsProblem(404);
    }

    [Fact]
    public async Task The_same_document_again_changes_nothing()
    {
        var first = await PutAsync("segments/same", Always);

        Assert.Equal(first.ETag, (await PutAsync("segments/same", Always.Replace(":", " : ", StringComparison.Ordinal))).Is(200).ETag);
    }

    [Fact]
    public async Task Documents_of_a_kind_are_listed_with_their_etags()
    {
        var b = await PutAsync("experiences/list.b", Hello);
        var a = await PutAsync("experiences/list.a", Hello);

        var list = (await server.GetAsync("/v1/experiences")).Is(200)["experiences"].EnumerateArray()
            .Where(entry => entry.GetProperty("id").GetString()!.StartsWith("list.", StringComparison.Ordinal)).ToArray();

        Assert.Equal(["list.a", "list.b"], list.Select(entry => entry.GetProperty("id").GetString()));
        Assert.Equal([a.ETag, b.ETag], list.Select(entry => entry.GetProperty("etag").GetString()));
        Same(Hello, list[0].GetProperty("body"));
    }

    [Fact]
    public async Task Every_kind_has_its_documents()
    {
        (await PutAsync("segments/k", Always)).Is(201);
        (await PutAsync("experiences/k", Hello)).Is(201);
        (await PutAsync("placements/k", "{'experiences':[{'id':'k'}]}")).Is(201);
        (await PutAsync("experiments/k", "{'placement':'k','variants':[{'key':'a','weight':0.5},{'key':'b','weight':0.5,'experience':'k'}]}")).Is(201);

        foreach (var kind in new[] { "segments", "experiences", "placements", "experiments" })
        {
            Assert.Contains("k", (await server.GetAsync($"/v1/{kind}")).Is(200)[kind].EnumerateArray().Select(entry => entry.GetProperty("id").GetString()));
        }
    }

    [Fact]
    public async Task A_lost_If_Match_changes_nothing()
    {
        var first = (await PutAsync("segments/raced", Always)).ETag!;
        var second = (await PutAsync("segments/raced", Never, ("If-Match", first))).Is(200).ETag!;

        (await PutAsync("segments/raced", Always, ("If-Match", first))).IsProblem(412);
        (await server.DeleteAsync("/v1/segments/raced", ("If-Match", first))).IsProblem(412);

        Same(Never, (await server.GetAsync("/v1/segments/raced")).Body);
        (await PutAsync("segments/raced", Always, ("If-Match", "*"))).Is(200);
        (await server.DeleteAsync("/v1/segments/raced", ("If-Match", second))).IsProblem(412);
        (await server.DeleteAsync("/v1/segments/raced", ("If-Match", (await server.GetAsync("/v1/segments/raced")).ETag!))).Is(204);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("*")]
    public async Task If_Match_never_creates(string tag) => (await PutAsync("segments/absent", Always, ("If-Match", tag))).IsProblem(412);

    [Fact]
    public async Task If_None_Match_creates_and_never_replaces()
    {
        (await PutAsync("segments/once", Always, ("If-None-Match", "*"))).Is(201);
        (await PutAsync("segments/once", Never, ("If-None-Match", "*"))).IsProblem(412);

        Same(Always, (await server.GetAsync("/v1/segments/once")).Body);
    }

    [Theory]
    [InlineData("If-Match", "12")]
    [InlineData("If-Match", "\"abc\"")]
    [InlineData("If-Match", "\"0\"")]
    [InlineData("If-Match", "W/\"12\"")]
    [InlineData("If-Match", "\"1\", \"2\"")]
    [InlineData("If-None-Match", "\"12\"")]
    public async Task A_malformed_precondition_is_refused(string header, string value) =>
        (await PutAsync("segments/odd", Always, (header, value))).IsProblem(400, header, "invalid_header");

    [Theory]
    [InlineData("segments/x", "{'condition':{'profile.known':{'$like':1}}}", "condition.profile.known.$like", "unknown_operator")]
    [InlineData("segments/x", "{'condition':{'profile.knwon':true}}", "condition.profile.knwon", "unknown_attribute")]
    [InlineData("segments/x", "{}", "condition", "required")]
    [InlineData("segments/x", "[]", "", "invalid_type")]
    [InlineData("segments/x", "{'condition':", "", "not_json")]
    [InlineData("segments/x", "{'condition':NaN}", "", "not_json")]
    [InlineData("segments/x", "{'\\ud800':1}", "", "invalid_text")]
    [InlineData("segments/x", "{'condition':{'profile.known':true},'name':'x'}", "name", "unknown_field")]
    [InlineData("experiences/x", "{'patches':[{'op':'setText','selector':'h1 >','text':'x'}]}", "patches[0].selector", "invalid_selector")]
    [InlineData("experiences/x", "{'patches':[{'op':'setHtml','selector':'h1','html':'<script>x</script>'}]}", "patches[0].html", "script_refused")]
    [InlineData(
        "experiences/x",
        "{'recommend':{},'template':{'op':'setHtml','selector':'h1','html':'{{#items}}<script>x</script>{{/items}}'}}",
        "template.html",
        "script_refused")]
    [InlineData("experiences/x", "{'recommend':{'limit':101}}", "recommend.limit", "out_of_range")]
    [InlineData("placements/x", "{'experiences':[{'id':'none'}]}", "experiences[0].id", "unknown_reference")]
    [InlineData("placements/x", "{'ttlMs':-1}", "ttlMs", "out_of_range")]
    [InlineData("experiments/x", "{'placement':'none','variants':[{'key':'a','weight':0.5},{'key':'b','weight':0.4}]}", "variants", "weights_sum")]
    [InlineData("experiments/x", "{'placement':'none','variants':[{'key':'a','weight':1},{'key':'b','weight':0}]}", "placement", "unknown_reference")]
    public async Task A_bad_document_is_refused_with_paths_from_its_own_root(string document, string body, string path, string code)
    {
        (await PutAsync(document, body)).IsProblem(400, path, code);
        (await server.GetAsync($"/v1/{document}")).IsProblem(404);
    }

    [Fact]
    public async Task A_fault_in_another_document_keeps_the_path_that_names_it()
    {
        (await PutAsync("segments/home", Always)).Is(201);
        (await PutAsync("segments/home.hero", "{'condition':{'segments.home':true}}")).Is(201);

        var answer = await PutAsync("segments/home", "{'condition':{'segments.home.hero':true}}");

        answer.IsProblem(400);
        Assert.All(
            answer["errors"].EnumerateArray(),
            error => Assert.Matches(@"^(condition\.segments\.home\.hero|segments\.home\.hero\.condition\.segments\.home)$", error.GetProperty("path").GetString()!));
    }

    [Fact]
    public async Task What_others_refer_to_is_not_removed()
    {
        await PutAsync("experiences/used", Hello);
        await PutAsync("placements/user", "{'experiences':[{'id':'used'}]}");

        (await server.DeleteAsync("/v1/experiences/used")).IsProblem(409, "placements.user.experiences[0].id", "unknown_reference");
        (await server.GetAsync("/v1/experiences/used")).Is(200);

        (await server.DeleteAsync("/v1/placements/user")).Is(204);
        (await server.DeleteAsync("/v1/experiences/used")).Is(204);
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    [InlineData("%C3%A4")]
    public async Task An_id_of_other_characters_is_refused(string id) => (await PutAsync($"segments/{id}", Always)).IsProblem(400, "", "invalid_id");

    [Fact]
    public async Task An_id_of_128_characters_is_taken_and_one_of_129_is_not()
    {
        (await PutAsync($"segments/{new string('x', 128)}", Always)).Is(201);
        (await PutAsync($"segments/{new string('x', 129)}", Always)).IsProblem(400, "", "invalid_id");
    }

    [Fact]
    public async Task A_document_over_1_MiB_is_refused() =>
        (await PutAsync("segments/x", $"{{'description':'{new string('x', 1024 * 1024)}'}}")).IsProblem(413);

    [Fact]
    public async Task A_document_that_nests_too_deep_is_refused() =>
        (await PutAsync("segments/x", $"{{'condition':{new string('[', 100)}{new string(']', 100)}}}")).IsProblem(400, "", "too_deep");

    [Fact]
    public async Task A_document_that_is_not_sent_as_JSON_is_refused() =>
        (await server.SendAsync(HttpMethod.Put, "/v1/segments/x", Of(Always), "text/plain")).IsProblem(415);

    [Fact]
    public async Task An_experiment_is_started_and_stopped()
    {
        await PutAsync("experiences/shown", Hello);
        await PutAsync("placements/tested", "{'experiences':[]}");
        var draft = (await PutAsync("experiments/cycle", "{'placement':'tested','variants':[{'key':'a','weight':0},{'key':'b','weight':1,'experience':'shown'}]}")).ETag!;

        var running = (await server.PostAsync("/v1/experiments/cycle/start")).Is(200);
        Assert.Equal("running", running["status"].GetString());
        Assert.Equal("tested", running["placement"].GetString());
        Assert.Equal("cycle", (await DecideAsync("tested")).GetProperty("experiment").GetString());

        (await server.SendAsync(HttpMethod.Post, "/v1/experiments/cycle/stop", headers: ("If-Match", draft))).IsProblem(412);
        var stopped = (await server.SendAsync(HttpMethod.Post, "/v1/experiments/cycle/stop", headers: ("If-Match", running.ETag!))).Is(200);
        Assert.Equal("stopped", stopped["status"].GetString());
        Assert.Equal(stopped.ETag, (await server.GetAsync("/v1/experiments/cycle")).ETag);
        Assert.False((await DecideAsync("tested")).TryGetProperty("experiment", out _));
    }

    [Fact]
    public async Task An_experiment_that_does_not_exist_is_not_started() => (await server.PostAsync("/v1/experiments/none/start")).IsProblem(404);

    private Task<Answer> PutAsync(string document, string body, params (string Name, string Value)[] headers) =>
        server.PutAsync($"/v1/{document}", Of(body), headers);

    private async Task<System.Text.Json.JsonElement> DecideAsync(string placement) =>
        (await server.PostAsync("/v1/decide", Of($"{{'userId':'u','placements':['{placement}']}}"))).Is(200)["placements"].GetProperty(placement);
}
