using System.Text.Json;
using Grpc.Core;

namespace Personalization.Api.Tests.Grpc;

public sealed class ProfileCallTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task Both_doors_tell_the_same_of_a_person()
    {
        await server.PostAsync("/v1/events",
            "{'events':[{'messageId':'1','userId':'ö/1','type':'view','properties':{'itemId':'A','category':'Hats','brand':'Acme'}},"
            + "{'messageId':'2','userId':'ö/1','type':'custom'}]}");

        var grpc = await server.Client.GetProfileAsync(new() { Id = "ö/1" });
        var rest = JsonElement.Parse(await server.Http.GetStringAsync("/v1/users/%C3%B6%2F1"));

        Assert.Equal(rest.GetProperty("id").GetString(), grpc.Id);
        Assert.Equal(rest.GetProperty("version").GetInt64(), grpc.Version);
        Assert.Equal(rest.GetProperty("firstSeen").GetDateTimeOffset(), grpc.FirstSeen.ToDateTimeOffset());
        Assert.Equal(rest.GetProperty("lastSeen").GetDateTimeOffset(), grpc.LastSeen.ToDateTimeOffset());
        Assert.Equal(1, grpc.Sessions);
        Assert.Equal(2, grpc.Session.Events);
        Assert.Equal(rest.GetProperty("session").GetProperty("startedAt").GetDateTimeOffset(), grpc.Session.StartedAt.ToDateTimeOffset());
        Assert.Equal(rest.GetProperty("session").GetProperty("lastActiveAt").GetDateTimeOffset(), grpc.Session.LastActiveAt.ToDateTimeOffset());
        Assert.Equal(
            rest.GetProperty("events").EnumerateObject()
                .SelectMany(type => type.Value.EnumerateObject().Select(count => (type.Name, count.Name, count.Value.GetInt64()))).Order(),
            grpc.Events.SelectMany(type => type.Value.Windows.Select(count => (type.Key, count.Key, count.Value))).Order());
        Assert.Equal(rest.GetProperty("affinities").GetProperty("categories").GetProperty("Hats").GetDouble(), grpc.Affinities.Categories["Hats"]);
        Assert.Equal(rest.GetProperty("affinities").GetProperty("brands").GetProperty("Acme").GetDouble(), grpc.Affinities.Brands["Acme"]);
        Assert.Equal("A", Assert.Single(grpc.RecentItems).Item);
        Assert.Equal(rest.GetProperty("recentItems")[0].GetProperty("at").GetDateTimeOffset(), grpc.RecentItems[0].At.ToDateTimeOffset());
    }

    [Fact]
    public async Task Somebody_of_whom_nothing_is_known_is_not_found()
    {
        var refusal = await Refusal.OfAsync(StatusCode.NotFound, server.Client.GetProfileAsync(new() { Id = "nobody" }));

        Assert.Equal("Nothing is known of this person.", refusal.Status.Detail);
    }

    [Fact]
    public Task A_profile_is_asked_for_by_an_id() => Refusal.InvalidAsync("id", "required", server.Client.GetProfileAsync(new()));
}
