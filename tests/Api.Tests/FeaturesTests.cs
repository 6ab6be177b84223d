using System.Text.Json;

namespace Personalization.Api.Tests;

public sealed class FeaturesTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Every_feature_is_listed_with_what_it_is()
    {
        var listed = (await server.GetAsync("/v1/features")).Is(200)["features"].EnumerateArray().ToDictionary(feature => feature.GetProperty("name").GetString()!);

        Json.Same(
            """
            {'name':'trend.<type>.<short>.<long>','type':'number','unit':'ratio','source':'profile','purposes':['personalization'],'default':1,
             'parameters':[{'name':'type','description':'a type of events, also of your own'},
                           {'name':'short','description':'the shorter window','values':['5m','1h','1d']},
                           {'name':'long','description':'the longer window','values':['1h','1d','30d']}],
             'description':'DESCRIPTION'}
            """.Replace("DESCRIPTION", listed["trend.<type>.<short>.<long>"].GetProperty("description").GetString(), StringComparison.Ordinal),
            listed["trend.<type>.<short>.<long>"]);
        Assert.Equal("request", listed["page.url"].GetProperty("source").GetString());
        Assert.All(listed.Values, feature => Assert.NotEmpty(feature.GetProperty("description").GetString()!));
    }

    [Fact]
    public async Task A_declared_feature_is_listed_with_its_document_and_read_by_its_name()
    {
        (await server.PutAsync("/v1/features/minutes", """{"accumulate":"sum","event":"watch","property":"minutes","unit":"minutes","description":"Minutes watched."}""")).Is(201);
        await SendAsync("fan", "watch", "'minutes':12.5,'unknown':{'deep':[1]},'other':null");
        await SendAsync("fan", "watch", "'minutes':2");

        var listed = (await server.GetAsync("/v1/features")).Is(200)["features"].EnumerateArray()
            .Single(feature => feature.GetProperty("name").GetString() == "custom.minutes");
        Assert.Equal("minutes", listed.GetProperty("id").GetString());
        Assert.Equal("Minutes watched.", listed.GetProperty("description").GetString());
        Assert.Equal("watch", listed.GetProperty("body").GetProperty("event").GetString());
        Assert.Equal(
            listed.GetProperty("etag").GetString(), (await server.GetAsync("/v1/features/minutes")).Is(200).Headers.ETag!.ToString());

        var vector = (await server.GetAsync("/v1/users/fan/features?names=custom.minutes,events.watch.total")).Is(200);
        Json.Same("{'custom.minutes':14.5,'events.watch.total':2}", vector["features"]);

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, "/v1/features/minutes")).Status);
        (await server.GetAsync("/v1/users/fan/features?names=custom.minutes")).IsProblem(400);
    }

    [Fact]
    public async Task A_person_has_every_feature_that_something_is_known_under()
    {
        await SendAsync("a/b", "view", "'itemId':'boot','category':'shoes','brand':'acme','price':80");

        var features = (await server.GetAsync("/v1/users/a%2Fb/features")).Is(200)["features"];

        Assert.Equal(1, features.GetProperty("events.view.1h").GetDouble());
        Assert.Equal(1, features.GetProperty("affinity.category.shoes").GetDouble());
        Assert.Equal("shoes", features.GetProperty("top.category").GetString());
        Assert.Equal("new", features.GetProperty("lifecycle.stage").GetString());
        Assert.Equal(80, features.GetProperty("price.viewed").GetDouble(), 0.01);
        Assert.Equal(JsonValueKind.Null, features.GetProperty("price.chosen").ValueKind);
        Assert.False(features.TryGetProperty("page.url", out _));
        (await server.GetAsync("/v1/users/nobody-here/features")).IsProblem(404);
    }

    [Fact]
    public async Task A_name_that_is_no_feature_is_a_problem_that_tells_the_nearest()
    {
        await SendAsync("typist", "view", "'itemId':'boot'");

        var answer = await server.GetAsync("/v1/users/typist/features?names=session.active,event.view.1h");

        answer.IsProblem(400);
        var error = answer["errors"].EnumerateArray().Single();
        Assert.Equal(("names", "unknown_feature"), (error.GetProperty("path").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains("\"events.view.1h\"", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_on_a_feature_there_is_none_of_is_refused_with_the_nearest()
    {
        var answer = await server.PutAsync("/v1/segments/typo", """{"condition":{"sesion.views":{"$gte":3}}}""");

        answer.IsProblem(400);
        Assert.Contains("The nearest: \"session.views\"", answer["errors"][0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_of_the_shop_are_one_document()
    {
        (await server.PutAsync("/v1/settings/shop", """{"timeZone":"Europe/Berlin","hosts":["shop.example"],"lifecycle":{"newDays":3}}""")).Is(201);
        (await server.PutAsync("/v1/settings/other", "{}")).IsProblem(400);
        (await server.PutAsync("/v1/settings/shop", """{"timeZone":"Europe/Atlantis"}""")).IsProblem(400);
        Assert.Equal("shop", (await server.GetAsync("/v1/settings")).Is(200)["settings"][0].GetProperty("id").GetString());
    }

    private Task<Answer> SendAsync(string person, string type, string properties) => server.PostAsync(
        "/v1/events",
        $"{{'events':[{{'messageId':'{Guid.NewGuid():N}','type':'{type}','userId':'{person}','properties':{{{properties}}}}}]}}".Replace('\'', '"'));
}
