using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class SchemasTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_schema_is_published_in_versions_and_an_incompatible_one_is_refused_with_the_path()
    {
        var first = (await PutAsync("rated", "{'type':'object','properties':{'stars':{'type':'integer','minimum':1,'maximum':5}},'required':['stars']}")).Is(201);
        Assert.Equal(1, first["version"].GetInt32());
        Assert.Equal(1, (await PutAsync("rated", "{'type':'object','properties':{'stars':{'type':'integer','minimum':1,'maximum':5}},'required':['stars']}")).Is(200)["version"].GetInt32());
        Assert.Equal(2, (await PutAsync("rated", "{'type':'object','properties':{'stars':{'type':'integer','minimum':0,'maximum':10}},'required':['stars']}")).Is(201)["version"].GetInt32());

        var refused = (await PutAsync("rated", "{'type':'object','properties':{'stars':{'type':'integer','minimum':0,'maximum':5}},'required':['stars','text']}")).IsProblem(400);
        Assert.Equal(
            ["properties.stars.maximum", "required"],
            refused["errors"].EnumerateArray().Select(error => error.GetProperty("path").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(3, (await server.PutAsync("/v1/schemas/rated?compatibility=none", Of("{'required':['text']}"))).Is(201)["version"].GetInt32());

        Same("{'required':['text']}", (await server.GetAsync("/v1/schemas/rated/versions/3")).Is(200).Body);
        (await server.GetAsync("/v1/schemas/rated/versions/4")).IsProblem(404);
        Assert.Contains("rated", (await server.GetAsync("/v1/schemas")).Is(200)["schemas"].EnumerateArray().Select(entry => entry.GetProperty("type").GetString()));
        (await server.DeleteAsync("/v1/schemas/rated")).Is(204);
        (await server.GetAsync("/v1/schemas/rated")).IsProblem(404);
    }

    [Fact]
    public async Task What_is_no_schema_is_refused_with_the_path()
    {
        var errors = (await PutAsync("broken", "{'properties':{'a':{'minimum':'1','if':{}}}}")).IsProblem(400)["errors"];
        Assert.Equal(["properties.a.minimum", "properties.a.if"], errors.EnumerateArray().Select(error => error.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task A_violation_is_rejected_kept_and_sent_again_after_a_fix()
    {
        (await PutAsync("signup", "{'properties':{'plan':{'enum':['free','paid']}},'required':['plan']}")).Is(201);
        var answer = (await server.PostAsync("/v1/events", Of("""
            {'events':[{'messageId':'1','type':'signup','anonymousId':'a','properties':{'plan':'free'}},
                       {'messageId':'2','type':'signup','anonymousId':'b','properties':{'plan':'gold'}},
                       {'messageId':'3','type':'signup','anonymousId':'c','schemaVersion':9,'properties':{'plan':'free'}},
                       {'messageId':'4','type':'signup','anonymousId':'d','consent':{'personalization':false}},
                       {'messageId':'5','type':'other','anonymousId':'e'}]}
            """))).Is(202);
        Same(
            "[{'index':1,'path':'properties.plan','code':'schema_violation'},{'index':2,'path':'schemaVersion','code':'unknown_schema_version'},{'index':3,'path':'properties.plan','code':'schema_violation'}]",
            System.Text.Json.JsonSerializer.SerializeToElement(answer["rejected"].EnumerateArray().Select(entry => new
            {
                index = entry.GetProperty("index").GetInt32(),
                path = entry.GetProperty("path").GetString(),
                code = entry.GetProperty("code").GetString(),
            })));

        // Whoever denied it is in no list.
        var kept = (await server.GetAsync("/v1/dead-letters?type=signup")).Is(200)["deadLetters"];
        Assert.Equal(["c", "b"], kept.EnumerateArray().Select(letter => letter.GetProperty("event").GetProperty("anonymousId").GetString()));

        // Nothing was mended: it stays, with what is wrong.
        var again = (await server.PostAsync("/v1/dead-letters/resend", Of("{'type':'signup','code':'schema_violation'}"))).Is(200);
        Assert.Equal((0, 1), (again["resent"].GetInt32(), again["rejected"].GetArrayLength()));

        (await PutAsync("signup", "{'properties':{'plan':{'enum':['free','paid','gold']}},'required':['plan']}")).Is(201);
        var mended = (await server.PostAsync("/v1/dead-letters/resend", Of("{'type':'signup','code':'schema_violation'}"))).Is(200);
        Assert.Equal((1, 0), (mended["resent"].GetInt32(), mended["rejected"].GetArrayLength()));
        Assert.Equal(1, (await server.GetAsync("/v1/users/b")).Is(200)["events"].GetProperty("signup").GetProperty("total").GetInt32());
        Assert.Single((await server.GetAsync("/v1/dead-letters?type=signup")).Is(200)["deadLetters"].EnumerateArray());

        Assert.Equal(1, (await server.DeleteAsync("/v1/dead-letters?person=c")).Is(200)["removed"].GetInt32());
        Assert.Empty((await server.GetAsync("/v1/dead-letters?type=signup")).Is(200)["deadLetters"].EnumerateArray());
    }

    [Fact]
    public async Task Lines_of_a_stream_and_events_without_a_schema_are_kept_too()
    {
        await server.PostAsync("/v1/events", """{"messageId":"1","type":"streamed"}""" + "\n" + """{"messageId":"2","type":"streamed","anonymousId":"a"}""", "application/x-ndjson");
        var letter = Assert.Single((await server.GetAsync("/v1/dead-letters?type=streamed&code=required")).Is(200)["deadLetters"].EnumerateArray());
        Assert.Equal("anonymousId", letter.GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("/v1/dead-letters?typ=x", "typ")]
    [InlineData("/v1/dead-letters?limit=0", "limit")]
    [InlineData("/v1/dead-letters?id=x", "id")]
    public async Task A_misspelt_question_is_refused(string path, string field)
    {
        var errors = (await server.GetAsync(path)).IsProblem(400)["errors"];
        Assert.Equal(field, errors[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task Sending_again_names_what() => (await server.PostAsync("/v1/dead-letters/resend", "{}")).IsProblem(400);

    private Task<Answer> PutAsync(string type, string schema) => server.PutAsync($"/v1/schemas/{type}", Of(schema));
}
