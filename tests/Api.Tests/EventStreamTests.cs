using System.Globalization;
using System.Threading.Channels;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class EventStreamTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static int _messages;

    [Fact]
    public async Task Every_line_is_an_event_and_a_bad_one_is_rejected_by_its_line()
    {
        var answer = await SendAsync(Line("ann"), "nonsense\n", "\n", "  \r\n", Line("ann"), "{\"messageId\":\"x\"}\n", Line("ann").TrimEnd('\n'));

        Assert.Equal(3, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal(2, answer["rejectedCount"].GetInt32());
        Assert.Equal((1, "not_json"), Rejection(answer, 0));
        Assert.Equal((5, "required"), Rejection(answer, 1));
        Assert.Equal(answer["profileVersion"].GetInt64(), (await server.GetAsync("/v1/users/ann"))["version"].GetInt64());
    }

    [Fact]
    public async Task An_empty_stream_is_accepted() => Assert.Equal(0, (await SendAsync("\n")).Is(202)["accepted"].GetInt32());

    [Fact]
    public async Task A_line_over_1_MiB_is_rejected_and_what_follows_is_taken()
    {
        var answer = await SendAsync(Line("bob"), new string('x', 3 * 1024 * 1024), "\n", Line("bob"), new string('y', 2 * 1024 * 1024));

        Assert.Equal(2, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal((1, "too_long"), Rejection(answer, 0));
        Assert.Equal((3, "too_long"), Rejection(answer, 1));
    }

    [Fact]
    public async Task Of_many_bad_lines_all_are_counted_and_the_first_hundred_told()
    {
        var answer = await SendAsync(Enumerable.Repeat("{}\n", 250));

        Assert.Equal(250, answer.Is(202)["rejectedCount"].GetInt32());
        Assert.Equal(100, answer["rejected"].GetArrayLength());
        Assert.Equal((99, "required"), Rejection(answer, 99));
    }

    [Fact]
    public async Task A_hundred_thousand_lines_stream_through_in_groups_of_at_most_500_each_person_in_order()
    {
        // 40 MB: more than the server takes of any other body.
        const int Lines = 100_000;
        var padding = new string('p', 300);
        var lines = Enumerable.Range(0, Lines).Select(index => Line($"p{index % 7}", $",'properties':{{'itemId':'item{index / 7 % 50}','x':'{padding}'}}"));

        server.Personalizer.Batches.Clear();
        var answer = await SendAsync(lines);

        Assert.Equal(Lines, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal(0, answer["rejectedCount"].GetInt32());
        Assert.Equal(Lines, server.Personalizer.Batches.Sum());
        Assert.InRange(server.Personalizer.Batches.Max(), 1, 500);
        var profile = await server.GetAsync("/v1/users/p0");
        Assert.Equal((Lines + 6) / 7, profile["events"].At("view", "total").GetInt32());
        Assert.Equal($"item{(Lines - 1) / 7 % 50}", profile["recentItems"].At(0, "item").GetString());
    }

    [Fact]
    public async Task A_sender_that_pauses_does_not_keep_its_events_from_the_profile()
    {
        var pieces = Channel.CreateUnbounded<string>();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events")
        {
            Content = new ChannelContent(pieces.Reader),
        };

        var sending = server.Http.SendAsync(request);
        await pieces.Writer.WriteAsync(Line("eve") + "{\"half\":");
        while ((await server.GetAsync("/v1/users/eve")).Status == 404)
        {
            Assert.False(sending.IsCompleted);
        }

        await pieces.Writer.WriteAsync(" 1}\n" + Line("eve"));
        pieces.Writer.Complete();
        using var response = await sending;

        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal(2, (await server.GetAsync("/v1/users/eve"))["events"].At("view", "total").GetInt32());
    }

    [Fact]
    public async Task When_the_disk_fills_midway_the_sender_learns_how_far_it_got()
    {
        server.Personalizer.Batches.Clear();
        server.Personalizer.BatchesLeft = 3;
        try
        {
            var answer = await SendAsync(["nonsense\n", .. Enumerable.Range(0, 20_000).Select(_ => Line("cut"))]);

            answer.IsProblem(503);
            Assert.Equal("2", answer.Headers.RetryAfter!.ToString());
            var accepted = server.Personalizer.Batches.Sum();
            Assert.Equal(accepted, answer["accepted"].GetInt32());
            Assert.Equal(1, answer["rejectedCount"].GetInt32());
            Assert.Equal(accepted + 1, answer["nextLine"].GetInt32());
        }
        finally
        {
            server.Personalizer.BatchesLeft = null;
        }
    }

    private static string Line(string person, string more = "")
    {
        var id = Interlocked.Increment(ref _messages);
        return Of(string.Create(CultureInfo.InvariantCulture, $"{{'messageId':'l{id}','type':'view','anonymousId':'{person}'{more}}}\n"));
    }

    private Task<Answer> SendAsync(params IEnumerable<string> pieces) =>
        server.SendAsync(HttpMethod.Post, "/v1/events", new TextContent(pieces, "application/x-ndjson"));

    private static (int Index, string? Code) Rejection(Answer answer, int place) =>
        (answer["rejected"].At(place, "index").GetInt32(), answer["rejected"].At(place, "code").GetString());
}
