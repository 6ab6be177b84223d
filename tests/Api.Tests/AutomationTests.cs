using Personalization.Core.Monitoring;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class AutomationTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    [Fact]
    public async Task A_crawler_is_answered_sees_no_experiment_and_is_remembered_as_one()
    {
        (await server.PostAsync("/v1/configuration", Of("""
            {'experiences':{'a':{'patches':[]},'b':{'patches':[]}},
             'placements':{'plain':{'experiences':[{'id':'a'}]},'tested':{'experiences':[{'id':'a'}]}},
             'experiments':{'x':{'placement':'tested','status':'running','variants':[{'key':'a','weight':1,'experience':'a'},{'key':'b','weight':0,'experience':'b'}]}}}
            """))).Is(200);

        var crawled = (await DecideAsync("bot", ("User-Agent", Crawler))).Is(200)["placements"];
        var browsed = (await DecideAsync("person", ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"))).Is(200)["placements"];

        Assert.Equal("automated", crawled.GetProperty("tested").GetProperty("reason").GetString());
        Assert.Equal("default", crawled.GetProperty("plain").GetProperty("reason").GetString());
        Assert.Equal("experiment", browsed.GetProperty("tested").GetProperty("reason").GetString());

        (await server.SendAsync(
            HttpMethod.Post, "/v1/events", Of("{'events':[{'messageId':'1','type':'view','anonymousId':'bot','properties':{'itemId':'i'}}]}"), headers: ("User-Agent", Crawler))).Is(202);
        Assert.True((await server.GetAsync("/v1/users/bot")).Is(200)["automation"].GetProperty("userAgent").GetBoolean());

        // What is known of the person holds however they ask from now on.
        var later = (await DecideAsync("bot")).Is(200)["placements"];
        Assert.Equal("automated", later.GetProperty("tested").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Alerts_are_listed()
    {
        server.Personalizer.Alerts = [new Alert(1, "view", AlertKind.Drop, 1_777_896_000_000, null, 0, 60.25, -7.5)];
        Same("{'alerts':[{'id':1,'type':'view','kind':'drop','raisedAt':'2026-05-04T12:00:00Z','observed':0,'expected':60.25,'z':-7.5}]}", (await server.GetAsync("/v1/alerts")).Is(200).Body);
    }

    private Task<Answer> DecideAsync(string person, params (string Name, string Value)[] headers) =>
        server.SendAsync(HttpMethod.Post, "/v1/decide", Of($"{{'anonymousId':'{person}'}}"), headers: headers);
}
