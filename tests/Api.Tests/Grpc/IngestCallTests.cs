using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests.Grpc;

public sealed class IngestCallTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private static int _messages;

    [Fact]
    public async Task A_batch_is_accepted_and_folded()
    {
        var answer = await SendAsync(Event("'anonymousId':'ada','type':'view','properties':{'itemId':'A1'}"), Event("'anonymousId':'ada'"));

        Assert.Equal(2, answer.Accepted);
        Assert.Equal(0, answer.Duplicates);
        Assert.Equal(0, answer.Dropped);
        Assert.Empty(answer.Rejected);
        Assert.Equal(answer.ProfileVersion, (await server.Client.GetProfileAsync(new() { Id = "ada" })).Version);
    }

    [Fact]
    public async Task Both_doors_fold_an_event_alike()
    {
        const string Members =
            "'type':'purchase','timestamp':'2026-03-01T10:00:00Z','sentAt':'2026-03-01T10:00:07Z',"
            + "'properties':{'itemId':'I','category':'Shoes','brand':'Acme','price':12.5,'quantity':3,'query':'q','decisionId':'d','placement':'p','value':-1}";

        await SendAsync(Event($"'userId':'overGrpc',{Members}"));
        await server.PostAsync("/v1/events", $"{{'events':[{{'messageId':'r','userId':'overRest',{Members}}}]}}");

        var grpc = await server.Client.GetProfileAsync(new() { Id = "overGrpc" });
        var rest = await server.Client.GetProfileAsync(new() { Id = "overRest" });
        Assert.Equal(GrpcServer.Now.AddSeconds(-7), grpc.LastSeen.ToDateTimeOffset());
        (rest.Id, rest.Version) = (grpc.Id, grpc.Version);
        Assert.Equal(grpc, rest);
        Assert.Equal(1, grpc.Affinities.Categories["Shoes"]);
        Assert.Equal(1, grpc.Events["purchase"].Windows["total"]);
    }

    [Fact]
    public async Task A_repeated_message_counts_once_and_is_told()
    {
        var same = Event("'anonymousId':'twice'");

        Assert.Equal(0, (await SendAsync(same)).Duplicates);
        var again = await SendAsync(same);

        Assert.Equal(1, again.Accepted);
        Assert.Equal(1, again.Duplicates);
    }

    [Fact]
    public async Task What_the_person_denied_is_dropped()
    {
        var answer = await SendAsync(
            Event("'anonymousId':'shy','consent':{'denied':['PURPOSE_PERSONALIZATION']}"),
            Event("'anonymousId':'shy','consent':{'granted':['PURPOSE_PERSONALIZATION'],'denied':['PURPOSE_PERSONALIZATION']}"),
            Event("'anonymousId':'open','consent':{'granted':['PURPOSE_PERSONALIZATION'],'denied':['PURPOSE_ADVERTISING']}"));

        Assert.Equal(1, answer.Accepted);
        Assert.Equal(2, answer.Dropped);
        await Refusal.OfAsync(StatusCode.NotFound, server.Client.GetProfileAsync(new() { Id = "shy" }));
    }

    [Fact]
    public async Task Of_a_half_bad_batch_the_good_half_is_kept_and_the_bad_half_answered_by_index()
    {
        var answer = await SendAsync(
            Event("'anonymousId':'half'"), Event(""), Event("'anonymousId':'half'"), Event("'userId':'u','properties':{'price':-1}"));

        Assert.Equal(2, answer.Accepted);
        Assert.Equal(
            [(1, "anonymousId", "required"), (3, "properties.price", "out_of_range")],
            answer.Rejected.Select(bad => (bad.Index, bad.Path, bad.Code)));
        Assert.All(answer.Rejected, bad => Assert.NotEmpty(bad.Detail));
    }

    [Fact]
    public async Task A_batch_of_no_events_is_accepted() => Assert.Equal(0, (await SendAsync()).Accepted);

    [Theory]
    [InlineData("'anonymousId':''", "anonymousId", "empty")]
    [InlineData("'anonymousId':'a\\u0000b'", "anonymousId", "control_character")]
    [InlineData("'anonymousId':'a','messageId':''", "messageId", "empty")]
    [InlineData("'anonymousId':'a','type':''", "type", "empty")]
    [InlineData("'anonymousId':'a','type':'a\\tb'", "type", "control_character")]
    [InlineData("'anonymousId':'a','timestamp':'2099-01-01T00:00:00Z'", "timestamp", "in_future")]
    [InlineData("'anonymousId':'a','timestamp':'1969-12-31T23:59:59Z'", "timestamp", "out_of_range")]
    [InlineData("'anonymousId':'a','consent':{'denied':[6]}", "consent", "unknown_purpose")]
    [InlineData("'anonymousId':'a','consent':{'granted':['PURPOSE_UNSPECIFIED']}", "consent", "unknown_purpose")]
    [InlineData("'anonymousId':'a','properties':{'itemId':''}", "properties.itemId", "empty")]
    [InlineData("'anonymousId':'a','properties':{'placement':''}", "properties.placement", "empty")]
    [InlineData("'anonymousId':'a','properties':{'decisionId':''}", "properties.decisionId", "empty")]
    [InlineData("'anonymousId':'a','properties':{'query':'\\u0001'}", "properties.query", "control_character")]
    [InlineData("'anonymousId':'a','properties':{'quantity':0}", "properties.quantity", "out_of_range")]
    [InlineData("'anonymousId':'a','properties':{'quantity':1000001}", "properties.quantity", "out_of_range")]
    [InlineData("'anonymousId':'a','properties':{'price':'NaN'}", "properties.price", "out_of_range")]
    [InlineData("'anonymousId':'a','properties':{'value':'Infinity'}", "properties.value", "out_of_range")]
    public async Task A_bad_event_is_rejected_with_the_path_of_the_wrong_field(string members, string path, string code)
    {
        var answer = await SendAsync(Event("'anonymousId':'good'"), Event(members), Event("'anonymousId':'good'"));

        Assert.Equal(2, answer.Accepted);
        var bad = Assert.Single(answer.Rejected);
        Assert.Equal((1, path, code), (bad.Index, bad.Path, bad.Code));
    }

    [Fact]
    public async Task A_time_that_is_none_is_told()
    {
        var impossible = new Timestamp { Nanos = -1 };

        var answer = await SendAsync(
            new V1.Event { MessageId = "t1", Type = "view", UserId = "u", Timestamp = impossible },
            new V1.Event { MessageId = "t2", Type = "view", UserId = "u", SentAt = new Timestamp { Seconds = long.MaxValue } });

        Assert.Equal([("timestamp", "invalid_type"), ("sentAt", "invalid_type")], answer.Rejected.Select(bad => (bad.Path, bad.Code)));
        await Refusal.InvalidAsync("sentAt", "invalid_type", server.Client.IngestAsync(new() { SentAt = impossible }));
    }

    [Fact]
    public async Task The_time_of_sending_corrects_the_clock_of_the_sender()
    {
        var wrong = GrpcServer.Now.AddDays(7);
        var request = new V1.IngestRequest { SentAt = Timestamp.FromDateTimeOffset(wrong) };
        request.Events.Add(new V1.Event { MessageId = "c", Type = "view", UserId = "clock", Timestamp = Timestamp.FromDateTimeOffset(wrong.AddHours(-1)) });

        Assert.Equal(1, (await server.Client.IngestAsync(request)).Accepted);
        Assert.Equal(GrpcServer.Now.AddHours(-1), (await server.Client.GetProfileAsync(new() { Id = "clock" })).FirstSeen.ToDateTimeOffset());
    }

    [Fact]
    public async Task Five_hundred_events_are_taken_and_501_refused()
    {
        await SendAsync([.. Enumerable.Range(0, 500).Select(_ => Event("'anonymousId':'most'"))]);

        var request = new V1.IngestRequest { Events = { Enumerable.Range(0, 501).Select(_ => Event("'anonymousId':'many'")) } };
        await Refusal.InvalidAsync("events", "too_many_events", server.Client.IngestAsync(request));
        await Refusal.OfAsync(StatusCode.NotFound, server.Client.GetProfileAsync(new() { Id = "many" }));
    }

    [Fact]
    public async Task A_batch_over_1_MiB_is_refused()
    {
        var large = Event($"'anonymousId':'{new string('x', 1024 * 1024)}'");

        await Refusal.OfAsync(StatusCode.ResourceExhausted, server.Client.IngestAsync(new() { Events = { large } }));
    }

    [Fact]
    public async Task While_nothing_can_be_made_durable_the_call_says_how_long_to_wait()
    {
        server.Personalizer.BatchesLeft = 0;
        try
        {
            var refusal = await Refusal.OfAsync(StatusCode.Unavailable, server.Client.IngestAsync(new() { Events = { Event("'anonymousId':'late'") } }));

            Assert.Equal("2", refusal.Trailers.GetValue("retry-after"));
            Assert.Equal("The disk is full. Make room on it.", refusal.Status.Detail);
            Assert.Equal(2, Assert.Single(refusal.Details.Details).Unpack<V1.Rpc.RetryInfo>().RetryDelay.Seconds);
        }
        finally
        {
            server.Personalizer.BatchesLeft = null;
        }
    }

    // The wire's own JSON form has the names of REST.
    private static V1.Event Event(string members)
    {
        var read = V1.Event.Parser.ParseJson(Of($"{{{members}}}"));
        read.MessageId = read.HasMessageId ? read.MessageId : $"m{Interlocked.Increment(ref _messages)}";
        read.Type = read.HasType ? read.Type : "custom";
        return read;
    }

    private async Task<V1.IngestResponse> SendAsync(params V1.Event[] events) => await server.Client.IngestAsync(new() { Events = { events } });
}
