using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class UsersTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_profile_shows_everything_that_was_folded()
    {
        await SendAsync("'messageId':'1','type':'view','timestamp':'2026-01-02T03:04:05Z','userId':'ada','properties':{'itemId':'A1','category':'shoes','brand':'acme'}");
        var version = await SendAsync("'messageId':'2','type':'search','timestamp':'2026-01-02T03:05:05Z','userId':'ada','properties':{'query':'red'}");

        var profile = (await server.GetAsync("/v1/users/ada")).Is(200);

        Same(
            $$"""
            {'id':'ada','version':{{version}},'firstSeen':'2026-01-02T03:04:05Z','lastSeen':'2026-01-02T03:05:05Z','sessions':1,'session':null,
             'events':{'view':{'1m':0,'5m':0,'1h':0,'1d':0,'30d':0,'total':1},'search':{'1m':0,'5m':0,'1h':0,'1d':0,'30d':0,'total':1} },
             'affinities':{'categories':{'shoes':1},'brands':{'acme':1} },
             'recentItems':[{'item':'A1','at':'2026-01-02T03:04:05Z'}],'assignments':{},'consent':{},'segments':[],'devices':[]}
            """,
            profile.Body);
    }

    [Fact]
    public async Task A_running_session_is_shown()
    {
        await SendAsync("'messageId':'1','type':'view','userId':'now'");

        var session = (await server.GetAsync("/v1/users/now")).Is(200)["session"];

        Assert.Equal(1, session.GetProperty("number").GetInt32());
        Assert.Equal(1, session.GetProperty("events").GetInt32());
        Assert.EndsWith("Z", session.GetProperty("startedAt").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("Z", session.GetProperty("lastActiveAt").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b?c#d", "a%2Fb%3Fc%23d")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("Jürgen +1", "J%C3%BCrgen%20+1")]
    public async Task Every_character_of_an_id_can_be_asked_for(string id, string escaped)
    {
        await SendAsync($"'messageId':'1','type':'view','userId':'{id}'");

        Assert.Equal(id, (await server.GetAsync($"/v1/users/{escaped}")).Is(200)["id"].GetString());
    }

    [Fact]
    public async Task A_stranger_is_not_found() => (await server.GetAsync("/v1/users/stranger")).IsProblem(404);

    private async Task<long> SendAsync(string members) =>
        (await server.PostAsync("/v1/events", Of($"{{'events':[{{{members}}}]}}"))).Is(202)["profileVersion"].GetInt64();
}
