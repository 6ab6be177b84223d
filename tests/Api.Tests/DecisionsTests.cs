using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class DecisionsTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_decision_is_found_by_its_id_with_what_it_was_made_from()
    {
        await server.PostAsync("/v1/configuration", Of(
            """
            {'experiences':{'list':{'recommend':{},'output':'items'}},
             'placements':{'list':{'experiences':[]},'other':{'experiences':[{'id':'list','audience':{'context.fan':true}}]}},
             'experiments':{'split':{'placement':'list','status':'running','version':3,'audience':{'page.path':'/a','context.tags':{'$all':['x']}},
               'variants':[{'key':'off','weight':0},{'key':'on','weight':1,'experience':'list'}]}},
             'items':[{'id':'A'}]}
            """));
        var decided = (await server.PostAsync("/v1/decide", Of(
            "{'userId':'grace','page':{'url':'https://s.example/a?b'},'context':{'tags':['x','y']},'candidates':{'list':['A']}}"))).Is(200);

        var id = decided["decisionId"].GetString();
        var found = (await server.GetAsync($"/v1/decisions/{id}")).Is(200);

        Assert.Equal(id, found["decisionId"].GetString());
        Assert.Equal("grace", found["person"].GetString());
        Assert.EndsWith("Z", found["decidedAt"].GetString(), StringComparison.Ordinal);
        Assert.Equal(decided["revision"].GetInt64(), found["revision"].GetInt64());
        Assert.Equal(0, found["profileVersion"].GetInt64());
        Same(
            """
            {'experience':'list','experiment':'split','version':3,'variant':'on','propensity':1,'reason':'experiment',
             'items':[{'id':'A','score':0,'reasons':['popular']}]}
            """,
            found["placements"].GetProperty("list"));
        Same("{'experience':'control','propensity':1,'reason':'no_eligible_experience','items':[]}", found["placements"].GetProperty("other"));
        Same("{'page.path':'/a','context.tags':['x','y'],'context.fan':null}", found["features"]);
    }

    [Fact]
    public async Task An_unknown_decision_is_not_found() => (await server.GetAsync("/v1/decisions/01ARZ3NDEKTSV4RRFFQ69G5FAV")).IsProblem(404);

    [Theory]
    [InlineData("17")]
    [InlineData("UUUUUUUUUUUUUUUUUUUUUUUUUU")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAVX")]
    public async Task What_is_no_id_is_refused(string id) => (await server.GetAsync($"/v1/decisions/{id}")).IsProblem(400, "id", "invalid_id");
}
