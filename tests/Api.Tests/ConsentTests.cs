using System.Text.Json;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class ConsentTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static int _messages;

    [Fact]
    public async Task A_choice_is_stored_and_read_with_its_time_and_its_source()
    {
        var put = (await server.PutAsync(
            "/v1/users/ada/consent", Of("{'purposes':{'training':'denied','analytics':true},'since':'2026-03-01T10:00:00Z'}"))).Is(200);

        Same(
            """
            {'id':'ada','purposes':{
              'analytics':{'choice':'granted','since':'2026-03-01T10:00:00Z','source':'api'},
              'personalization':{'choice':'unknown'},
              'training':{'choice':'denied','since':'2026-03-01T10:00:00Z','source':'api'},
              'advertising':{'choice':'unknown'},
              'crossDevice':{'choice':'unknown'} } }
            """,
            put.Body);
        Same(put.Body.GetRawText(), (await server.GetAsync("/v1/users/ada/consent")).Is(200).Body);

        var profile = (await server.GetAsync("/v1/users/ada")).Is(200);
        Assert.Equal("denied", profile.Body.At("consent", "training", "choice").GetString());
        Assert.False(profile["consent"].TryGetProperty("advertising", out _));
        Assert.False(profile.Body.TryGetProperty("firstSeen", out _));
    }

    [Fact]
    public async Task A_choice_may_come_with_an_event_and_an_older_one_changes_nothing()
    {
        await SendAsync("'type':'consent','userId':'eve','timestamp':'2026-03-02T00:00:00Z','consent':{'training':'denied'}");
        var late = await server.PutAsync("/v1/users/eve/consent", Of("{'purposes':{'training':'granted'},'since':'2026-03-01T00:00:00Z'}"));

        var training = late.Is(200).Body.At("purposes", "training");
        Same("{'choice':'denied','since':'2026-03-02T00:00:00Z','source':'event'}", training);
    }

    [Fact]
    public async Task The_history_tells_every_change_and_nothing_that_changed_nothing()
    {
        await server.PutAsync("/v1/users/hal%2F9/consent", Of("{'purposes':{'training':'denied','advertising':'denied'},'since':'2026-03-01T00:00:00Z'}"));
        await server.PutAsync("/v1/users/hal%2F9/consent", Of("{'purposes':{'training':'denied'},'since':'2026-03-02T00:00:00Z'}"));
        await server.PutAsync("/v1/users/hal%2F9/consent", Of("{'purposes':{'training':'unknown'},'since':'2026-03-03T00:00:00Z'}"));

        var history = (await server.GetAsync("/v1/users/hal%2F9/consent/history")).Is(200);

        Assert.Equal("hal/9", history["id"].GetString());
        Assert.Equal(
            ["""{"training":"denied","advertising":"denied"}""", """{"training":"unknown"}"""],
            history["changes"].EnumerateArray().Select(change => change.GetProperty("purposes").GetRawText()));
        Assert.All(history["changes"].EnumerateArray(), change => Assert.Equal("api", change.GetProperty("source").GetString()));
    }

    [Theory]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("{}", "purposes", "required")]
    [InlineData("{'purposes':{}}", "purposes", "required")]
    [InlineData("{'purposes':{'trainning':'denied'}}", "purposes", "unknown_purpose")]
    [InlineData("{'purposes':{'training':'maybe'}}", "purposes.training", "invalid_type")]
    [InlineData("{'purposes':{'training':'denied'},'since':'2999-01-01T00:00:00Z'}", "since", "in_future")]
    [InlineData("{'purposes':{'training':'denied'},'since':7}", "since", "invalid_type")]
    [InlineData("{'purposes':{'training':'denied'},'sinse':null}", "sinse", "unknown_field")]
    public async Task A_choice_with_a_fault_is_refused_by_its_field_and_stores_nothing(string body, string path, string code)
    {
        (await server.PutAsync("/v1/users/nobody/consent", Of(body))).IsProblem(400, path, code);

        (await server.GetAsync("/v1/users/nobody/consent")).IsProblem(404);
        (await server.GetAsync("/v1/users/nobody/consent/history")).IsProblem(404);
    }

    [Theory]
    [InlineData("'timestamp':'2999-01-01T00:00:00Z','consent':{'training':'denied'}", "timestamp", "in_future")]
    [InlineData("'consent':{}", "consent", "required")]
    [InlineData("'messageId':'x'", "consent", "required")]
    public async Task A_choice_in_an_event_is_refused_likewise(string members, string path, string code)
    {
        var rejected = (await SendAsync($"'type':'consent','userId':'nobody',{members}"))["rejected"][0];

        Assert.Equal((path, code), (rejected.GetProperty("path").GetString(), rejected.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task What_the_stored_choice_denies_is_dropped_at_the_door()
    {
        await server.PutAsync("/v1/users/dora/consent", Of("{'purposes':{'personalization':'denied'}}"));

        var dropped = await SendAsync("'type':'view','userId':'dora','consent':{'personalization':true}");

        Assert.Equal((0, 1), (dropped["accepted"].GetInt32(), dropped["dropped"].GetInt32()));
        Assert.Empty((await server.GetAsync("/v1/users/dora")).Is(200)["events"].EnumerateObject());
    }

    [Theory]
    [InlineData("Sec-GPC", false)]
    [InlineData("DNT", true)]
    public async Task A_browsers_signal_denies_for_the_events_that_come_with_it_and_is_no_choice(string header, bool deniesTraining)
    {
        await StockAsync();
        var item = deniesTraining ? "gloves" : "scarf";
        await SendAsync($"'type':'purchase','userId':'sig-{header}','consent':{{'training':true}},'properties':{{'itemId':'{item}'}}", (header, "1"));

        var profile = (await server.GetAsync($"/v1/users/sig-{header}")).Is(200);
        Assert.Empty(profile["consent"].EnumerateObject());
        Assert.Equal(item, profile.Body.At("recentItems", 0, "item").GetString());

        // What nobody may learn from is not popular.
        var popular = (await server.PostAsync("/v1/decide", Of("{'anonymousId':'other','placements':['popular']}"))).Is(200);
        var shown = popular.Body.At("placements", "popular", "items").EnumerateArray().Single(found => found.GetProperty("id").GetString() == item);
        Assert.Equal(!deniesTraining, shown.GetProperty("score").GetDouble() > 0);
    }

    [Theory]
    [InlineData("'consent':{'advertising':'denied'}", null)]
    [InlineData("'consent':{'advertising':'granted'}", "Sec-GPC")]
    [InlineData("'limit':1", "Sec-GPC")]
    [InlineData("'limit':1", "DNT")]
    public async Task A_segment_for_a_purpose_that_is_denied_with_the_question_has_nobody_in_it(string members, string? header)
    {
        await TargetAsync();
        (string, string)[] headers = header is null ? [] : [(header, "1")];

        Assert.Equal("offer", await ShownAsync("'limit':1"));
        Assert.Equal("plain", await ShownAsync(members, headers));
    }

    [Fact]
    public async Task Who_denied_personalization_is_decided_for_as_a_stranger_and_nothing_of_it_is_remembered()
    {
        await TargetAsync();
        await SendAsync("'type':'view','userId':'regular'");
        Assert.Equal("welcome-back", await ShownAsync("'userId':'regular'", placement: "known"));

        var asked = await server.PostAsync("/v1/decide", Of("{'userId':'regular','placements':['known'],'consent':{'personalization':false}}"));

        Assert.Equal("plain", asked.Is(200).Body.At("placements", "known", "experience").GetString());
        Assert.Equal(0, asked["profileVersion"].GetInt64());
        (await server.GetAsync($"/v1/decisions/{asked["decisionId"].GetString()}")).IsProblem(404);
    }

    [Theory]
    [InlineData("'consent':[]", "consent", "invalid_type")]
    [InlineData("'consent':{'ads':true}", "consent", "unknown_purpose")]
    public async Task A_question_with_a_faulty_consent_is_refused(string members, string path, string code) =>
        (await server.PostAsync("/v1/decide", Of($"{{'userId':'a',{members}}}"))).IsProblem(400, path, code);

    [Fact]
    public async Task A_segment_for_no_purpose_there_is_is_refused() =>
        (await server.PutAsync("/v1/segments/odd", Of("{'condition':{'profile.known':true},'purposes':['advertising','ads']}")))
            .IsProblem(400, "purposes[1]", "unknown_purpose");

    private Task StockAsync() => server.PostAsync("/v1/configuration", Of(
        """
        {'items':[{'id':'gloves'},{'id':'scarf'}],
         'experiences':{'popular':{'recommend':{'strategies':['popular'],'limit':10},'output':'items'}},
         'placements':{'popular':{'experiences':[{'id':'popular'}]}}}
        """));

    private async Task TargetAsync() => (await server.PostAsync("/v1/configuration", Of(
        """
        {'segments':{'campaign':{'condition':{'context.campaign':'spring'},'purposes':['advertising']}},
         'experiences':{'offer':{},'plain':{},'welcome-back':{}},
         'placements':{'banner':{'experiences':[{'id':'offer','audience':{'segments.campaign':true}},{'id':'plain'}]},
                       'known':{'experiences':[{'id':'welcome-back','audience':{'profile.known':true}},{'id':'plain'}]}}}
        """))).Is(200);

    private async Task<string?> ShownAsync(string members, (string, string)[]? headers = null, string placement = "banner")
    {
        var body = Of($"{{'anonymousId':'ann','placements':['{placement}'],'context':{{'campaign':'spring'}},{members}}}");
        var answer = await server.SendAsync(HttpMethod.Post, "/v1/decide", body, "application/json", headers ?? []);
        return answer.Is(200).Body.At("placements", placement, "experience").GetString();
    }

    private async Task<Answer> SendAsync(string members, params (string, string)[] headers)
    {
        var id = members.Contains("messageId", StringComparison.Ordinal) ? "" : $"'messageId':'c{Interlocked.Increment(ref _messages)}',";
        var body = Of($"{{'events':[{{{id}{members}}}]}}");
        return (await server.SendAsync(HttpMethod.Post, "/v1/events", body, "application/json", headers)).Is(202);
    }
}
