using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Personalization.Core;

namespace Personalization.Api.Tests;

public sealed class RoutesTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task The_probes_say_yes(string path) => Assert.Equal("ok", (await server.GetAsync(path)).Is(200)["status"].GetString());

    [Fact]
    public async Task A_host_that_is_not_ready_lives_and_says_no()
    {
        server.IsReady = false;
        try
        {
            Assert.Equal("not ready", (await server.GetAsync("/readyz")).Is(503)["status"].GetString());
            (await server.GetAsync("/healthz")).Is(200);
        }
        finally
        {
            server.IsReady = true;
        }
    }

    [Fact]
    public async Task Statistics_tell_how_much_there_is()
    {
        await server.PostAsync("/v1/events", """{"events":[{"messageId":"1","type":"view","userId":"a"},{"messageId":"2","type":"view","userId":"b"}]}""");
        await server.PutAsync("/v1/items", """{"items":[{"id":"1"},{"id":"2"},{"id":"3"}]}""");

        Json.Same("{'events':2,'profiles':2,'items':3,'hotProfiles':2,'droppedDecisions':0}", (await server.GetAsync("/v1/stats")).Is(200).Body);
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/users")]
    [InlineData("/v1/segments/a/b")]
    [InlineData("/v1/experiments/a/pause")]
    public async Task A_path_there_is_none_of_is_a_problem(string path) => (await server.GetAsync(path)).IsProblem(404);

    [Theory]
    [InlineData("GET", "/v1/decide", "POST")]
    [InlineData("PUT", "/v1/events", "POST")]
    [InlineData("POST", "/v1/items", "PUT")]
    [InlineData("PATCH", "/v1/segments/a", "DELETE, GET, PUT")]
    [InlineData("DELETE", "/v1/stats", "GET")]
    public async Task A_method_that_a_path_does_not_take_is_a_problem_that_names_those_it_takes(string method, string path, string allowed)
    {
        var answer = await server.SendAsync(new HttpMethod(method), path);

        answer.IsProblem(405);
        Assert.Equal(allowed.Split(", "), answer.ContentHeaders.Allow.Order());
    }

    [Fact]
    public async Task Paths_of_others_are_left_alone()
    {
        var answer = await server.GetAsync("/index.html");

        Assert.Equal(404, answer.Status);
        Assert.Null(answer.MediaType);
    }

    [Fact]
    public void Without_the_services_mapping_says_what_to_call()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<IPersonalizer>(new MemoryPersonalizer(TimeProvider.System));

        var exception = Assert.Throws<InvalidOperationException>(() => builder.Build().MapPersonalization());

        Assert.Contains("AddPersonalizationApi", exception.Message, StringComparison.Ordinal);
    }
}
