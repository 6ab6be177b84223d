using System.Net.Http.Headers;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class SegmentsTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Size_sample_and_overlap_are_told()
    {
        await PutAsync("sizes", "seen");
        await PutAsync("also", "also");
        await HappenAsync("seen", "ann", "bob", "cleo");
        await HappenAsync("also", "bob");

        Same("{'segment':'sizes','members':3,'complete':true}", (await server.GetAsync("/v1/segments/sizes/size")).Is(200).Body);
        Same("{'segment':'also','members':['bob']}", (await server.GetAsync("/v1/segments/also/sample?n=5")).Is(200).Body);
        Same(
            "{'segment':'sizes','members':3,'with':[{'segment':'also','members':1,'both':1}],'all':1}",
            (await server.GetAsync("/v1/segments/sizes/overlap?with=also")).Is(200).Body);
    }

    [Theory]
    [InlineData("GET", "/v1/segments/nobody/size", 404, null, null)]
    [InlineData("GET", "/v1/segments/nobody/sample", 404, null, null)]
    [InlineData("GET", "/v1/segments/nobody/overlap?with=a", 404, null, null)]
    [InlineData("GET", "/v1/segments/nobody/changes", 404, null, null)]
    [InlineData("GET", "/v1/segments/there/sample?n=0", 400, "n", "out_of_range")]
    [InlineData("GET", "/v1/segments/there/sample?n=many", 400, "n", "out_of_range")]
    [InlineData("GET", "/v1/segments/there/overlap", 400, "with", "required")]
    [InlineData("GET", "/v1/segments/there/overlap?with=nobody", 400, "with", "unknown_reference")]
    [InlineData("POST", "/v1/segments/preview", 400, "condition", "required")]
    public async Task What_can_not_be_told_is_refused_with_the_place_of_the_fault(string method, string path, int status, string? field, string? code)
    {
        await PutAsync("there", "there");

        (await server.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null)).IsProblem(status, field, code);
    }

    [Theory]
    [InlineData("changes")]
    [InlineData("preview")]
    public async Task No_segment_has_the_name_of_a_call(string id) =>
        (await server.PutAsync($"/v1/segments/{id}", """{"condition":{}}""")).IsProblem(400, "", "reserved_id");

    [Fact]
    public async Task A_preview_says_in_a_sentence_and_in_numbers_who_would_be_in()
    {
        await PutAsync("previewed", "tried");
        await HappenAsync("tried", [.. Enumerable.Range(0, 20).Select(i => $"tried-{i}")]);
        await HappenAsync("more", [.. Enumerable.Range(0, 5).Select(i => $"tried-{i}")]);

        var preview = (await server.PostAsync("/v1/segments/preview", """{"condition":{"events.more.total":{"$gte":1}},"replaces":"previewed"}""")).Is(200);

        Assert.StartsWith("would match 5 of ", preview["summary"].GetString(), StringComparison.Ordinal);
        Assert.Equal(5, preview["matched"].GetInt32());
        Same("{'count':5,'low':5,'high':5,'confidence':1}", preview["estimate"]);
        Assert.Equal(5, preview["examples"].GetArrayLength());
        Same(
            "{'segment':'previewed','members':20,'sampled':20,'leaving':15,'share':0.75,'estimate':{'count':15,'low':15,'high':15,'confidence':1} }",
            preview["replaces"]);
    }

    [Fact]
    public async Task Changes_are_followed_and_gone_on_with_after_the_last_id()
    {
        await PutAsync("followed", "followed");
        await PutAsync("other", "other");
        using var first = await FollowAsync("/v1/segments/followed/changes");
        var start = await first.UntilAsync(": from here on");
        await HappenAsync("other", "zed");
        await HappenAsync("followed", "ann");

        await first.UntilAsync("event: enter");
        Assert.Contains("\"segment\":\"followed\",\"person\":\"ann\"", await first.UntilAsync("data: "), StringComparison.Ordinal);
        await HappenAsync("followed", "bob");
        using var second = await FollowAsync("/v1/segments/changes", start);
        Assert.Contains("zed", await second.UntilAsync("data: "), StringComparison.Ordinal);
        Assert.Contains("ann", await second.UntilAsync("data: "), StringComparison.Ordinal);
        Assert.Contains("bob", await second.UntilAsync("data: "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_back_too_late_is_told_so()
    {
        await PutAsync("late", "late");
        using var before = await FollowAsync("/v1/segments/changes");
        var start = await before.UntilAsync(": from here on");
        await HappenAsync("late", "a", "b", "c");
        server.Personalizer.Journal = 2;
        try
        {
            using var after = await FollowAsync("/v1/segments/changes", start);

            await after.UntilAsync("event: missed");
        }
        finally
        {
            server.Personalizer.Journal = int.MaxValue;
        }
    }

    private async Task PutAsync(string id, string type) => Assert.True(
        (await server.PutAsync($"/v1/segments/{id}", Of($"{{'condition':{{'events.{type}.total':{{'$gte':1}} }} }}"))).Status is 200 or 201);

    private async Task HappenAsync(string type, params string[] people) => (await server.PostAsync("/v1/events", Of(
        $"{{'events':[{string.Join(',', people.Select(person => $"{{'messageId':'{Guid.NewGuid()}','type':'{type}','userId':'{person}'}}"))}]}}"))).Is(202);

    private async Task<Follower> FollowAsync(string path, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new Follower(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    private sealed class Follower(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        private string _id = "";

        /// <summary>Reads up to a line that begins so; gives that line, or the id before it where it is a remark.</summary>
        public async Task<string> UntilAsync(string beginning)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (await lines.ReadLineAsync(limit.Token) is { } line)
            {
                _id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : _id;
                if (line.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return beginning.StartsWith(':') ? _id : line;
                }
            }

            throw new InvalidOperationException($"The stream ended before \"{beginning}\".");
        }

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }
    }
}
