using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class ConfigurationTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_change_is_applied_as_a_whole_and_tells_what_is_different()
    {
        var answer = await PostAsync(
            "{'segments':{'c1':{'condition':{'profile.known':true}}},'experiences':{'c1':{'patches':[]}},'items':[{'id':'c1'},{'id':'c2'}]}");

        Same("[{'kind':'segments','id':'c1'},{'kind':'experiences','id':'c1'}]", answer.Is(200)["changed"]);
        Assert.Equal(2, answer["changedItems"].GetInt32());
        Assert.Equal(0, answer["unchanged"].GetInt32());
        Assert.Equal(server.Personalizer.Configuration.Plan.Revision, answer["revision"].GetInt64());

        var again = await PostAsync(
            "{'segments':{'c1':{'condition':{'profile.known':true}}},'experiences':{'c1':{'patches':[],'description':'new'}},'items':[{'id':'c1'},{'id':'c2','price':1}]}");

        Same("[{'kind':'experiences','id':'c1'}]", again.Is(200)["changed"]);
        Assert.Equal(1, again["changedItems"].GetInt32());
        Assert.Equal(2, again["unchanged"].GetInt32());
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_changes_nothing()
    {
        var revision = server.Personalizer.Configuration.Plan.Revision;

        var answer = await PostAsync("{'segments':{'dry':{'condition':{'profile.known':true}}},'items':[{'id':'dry'}]}", "?dryRun=true");

        Same("[{'kind':'segments','id':'dry'}]", answer.Is(200)["changed"]);
        Assert.Equal(revision, answer["revision"].GetInt64());
        (await server.GetAsync("/v1/segments/dry")).IsProblem(404);
        (await server.GetAsync("/v1/items/dry")).IsProblem(404);
    }

    [Theory]
    [InlineData("", "", "required")]
    [InlineData("{", "", "not_json")]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("{'segment':{}}", "segment", "unknown_field")]
    [InlineData("{'segments':[]}", "segments", "invalid_type")]
    [InlineData("{'segments':{'a b':{}}}", "segments.a b", "invalid_id")]
    [InlineData("{'segments':{'x':{'condition':{'profile.known':{'$like':1}}}}}", "segments.x.condition.profile.known.$like", "unknown_operator")]
    [InlineData("{'placements':{'x':{'experiences':[{'id':'none'}]}}}", "placements.x.experiences[0].id", "unknown_reference")]
    [InlineData("{'items':[{'id':'a','price':-1}]}", "items[0].price", "out_of_range")]
    public async Task A_bad_change_is_refused_with_paths_from_the_root_and_nothing_changes(string body, string path, string code)
    {
        var revision = server.Personalizer.Configuration.Plan.Revision;

        (await PostAsync(body)).IsProblem(400, path, code);

        Assert.Equal(revision, server.Personalizer.Configuration.Plan.Revision);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var answer = await PostAsync("{'segments':{'x':{},'y':{'condition':5}}}");

        answer.IsProblem(400, "segments.x.condition", "required");
        Assert.Equal(2, answer["errors"].GetArrayLength());
    }

    [Fact]
    public async Task A_dryRun_that_is_neither_true_nor_false_is_refused() =>
        (await PostAsync("{}", "?dryRun=maybe")).IsProblem(400, "dryRun", "unknown_value");

    [Fact]
    public async Task A_change_over_16_MiB_is_refused() =>
        (await PostAsync($"{{'x':'{new string('x', 16 * 1024 * 1024)}'}}")).IsProblem(413);

    private Task<Answer> PostAsync(string body, string query = "") => server.PostAsync("/v1/configuration" + query, Of(body));
}
