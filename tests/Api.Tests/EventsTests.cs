using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class EventsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static int _messages;

    [Fact]
    public async Task A_batch_is_accepted_and_folded()
    {
        var answer = await SendAsync(Event("'anonymousId':'ada','type':'view','properties':{'itemId':'A1'}"), Event("'anonymousId':'ada'"));

        answer.Is(202);
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal(2, answer["accepted"].GetInt32());
        Assert.Equal(0, answer["duplicates"].GetInt32());
        Assert.Equal(0, answer["dropped"].GetInt32());
        Assert.Equal(0, answer["rejected"].GetArrayLength());
        var profile = await server.GetAsync("/v1/users/ada");
        Assert.Equal(answer["profileVersion"].GetInt64(), profile["version"].GetInt64());
    }

    [Fact]
    public async Task A_repeated_messageId_counts_once_and_is_told()
    {
        var same = Event("'anonymousId':'twice'");

        Assert.Equal(0, (await SendAsync(same))["duplicates"].GetInt32());
        var again = await SendAsync(same);

        Assert.Equal(1, again.Is(202)["accepted"].GetInt32());
        Assert.Equal(1, again["duplicates"].GetInt32());
        Assert.Equal(1, (await server.GetAsync("/v1/users/twice"))["events"].At("custom", "total").GetInt32());
    }

    [Fact]
    public async Task What_the_person_denied_is_dropped()
    {
        var answer = await SendAsync(Event("'anonymousId':'shy','consent':{'personalization':'denied'}"));

        Assert.Equal(0, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal(1, answer["dropped"].GetInt32());
        (await server.GetAsync("/v1/users/shy")).IsProblem(404);
    }

    [Fact]
    public async Task Of_a_half_bad_batch_the_good_half_is_kept_and_the_bad_half_answered_by_index()
    {
        var answer = await SendAsync(
            Event("'anonymousId':'half'"), Event("'anonymousId':7"), Event("'anonymousId':'half'"), Event("'userId':'u','properties':{'price':-1}"));

        Assert.Equal(2, answer.Is(202)["accepted"].GetInt32());
        Same("[1,3]", Pick(answer["rejected"], "index"));
        Same("['anonymousId','properties.price']", Pick(answer["rejected"], "path"));
        Same("['invalid_type','out_of_range']", Pick(answer["rejected"], "code"));
        Assert.NotEmpty(answer["rejected"].At(0, "detail").GetString()!);
    }

    [Fact]
    public async Task A_batch_of_bad_events_only_is_answered_202_with_the_rejections()
    {
        var answer = await SendAsync("1", "{}");

        Assert.Equal(0, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal(2, answer["rejected"].GetArrayLength());
    }

    [Fact]
    public async Task A_batch_of_no_events_is_accepted() => Assert.Equal(0, (await SendAsync()).Is(202)["accepted"].GetInt32());

    [Theory]
    [InlineData("'type':'view'", "anonymousId", "required")]
    [InlineData("'anonymousId':''", "anonymousId", "empty")]
    [InlineData("'anonymousId':'a\\u0000b'", "anonymousId", "control_character")]
    [InlineData("'anonymousId':'\\ud800'", "anonymousId", "invalid_text")]
    [InlineData("'anonymousId':{'a':[1]}", "anonymousId", "invalid_type")]
    [InlineData("'anonymousId':'a','type':true", "type", "invalid_type")]
    [InlineData("'anonymousId':'a','timestamp':'2099-01-01T00:00:00Z'", "timestamp", "in_future")]
    [InlineData("'anonymousId':'a','timestamp':1700000000", "timestamp", "invalid_type")]
    [InlineData("'anonymousId':'a','consent':{'marketing':true}", "consent", "unknown_purpose")]
    [InlineData("'anonymousId':'a','consent':{'\\ud800':true}", "", "invalid_text")]
    [InlineData("'anonymousId':'a','\\ud800':true", "", "invalid_text")]
    [InlineData("'anonymousId':'a','properties':{'\\ud800':true}", "", "invalid_text")]
    [InlineData("'anonymousId':'a','properties':{'value':1e999}", "properties.value", "out_of_range")]
    public async Task A_bad_event_is_rejected_with_the_path_of_the_wrong_field(string members, string path, string code)
    {
        var answer = await SendAsync(Event("'anonymousId':'good'"), Event(members), Event("'anonymousId':'good'"));

        Assert.Equal(2, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal((1, path, code), Rejection(answer));
    }

    [Fact]
    public async Task An_id_of_256_characters_is_taken_and_one_of_257_is_not()
    {
        var answer = await SendAsync(Event($"'anonymousId':'{new string('a', 256)}'"), Event($"'anonymousId':'{new string('a', 257)}'"));

        Assert.Equal(1, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal((1, "anonymousId", "too_long"), Rejection(answer));
    }

    [Fact]
    public async Task An_event_of_1970_is_history_and_is_taken() =>
        Assert.Equal(1, (await SendAsync(Event("'anonymousId':'old','timestamp':'1970-01-01T00:00:00Z'"))).Is(202)["accepted"].GetInt32());

    [Fact]
    public async Task An_event_that_nests_too_deep_is_its_own_fault_alone()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));

        var answer = await SendAsync(Event("'anonymousId':'flat'"), Event($"'anonymousId':'deep','properties':{{'x':{deep}}}"));

        Assert.Equal(1, answer.Is(202)["accepted"].GetInt32());
        Assert.Equal((1, "", "too_deep"), Rejection(answer));
    }

    [Theory]
    [InlineData("", "", "required")]
    [InlineData("nonsense", "", "not_json")]
    [InlineData("{'events':[{'value':NaN}]}", "", "not_json")]
    [InlineData("{'events':[]} trailing", "", "not_json")]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("{}", "events", "required")]
    [InlineData("{'events':{}}", "events", "invalid_type")]
    [InlineData("{'sentAt':5,'events':[]}", "sentAt", "invalid_type")]
    [InlineData("{'\\ud800':5,'events':[]}", "", "invalid_text")]
    public async Task A_bad_batch_is_refused_as_a_whole(string body, string path, string code) =>
        (await server.PostAsync("/v1/events", Of(body))).IsProblem(400, path, code);

    [Fact]
    public async Task A_batch_of_501_events_is_refused()
    {
        var events = Enumerable.Range(0, 501).Select(_ => Event("'anonymousId':'many'"));

        (await SendAsync([.. events])).IsProblem(400, "events", "too_many_events");
        (await server.GetAsync("/v1/users/many")).IsProblem(404);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_2_MiB_is_refused_declared_or_not(bool isDeclared)
    {
        var text = Of("{'events':[{'padding':'") + new string('x', 2 * 1024 * 1024) + Of("'}]}");

        (await server.SendAsync(HttpMethod.Post, "/v1/events", new TextContent(text, "application/json", isDeclared))).IsProblem(413);
    }

    [Fact]
    public async Task A_chunked_body_is_taken()
    {
        var text = Batch(Event("'anonymousId':'chunked'"));

        var answer = await server.SendAsync(HttpMethod.Post, "/v1/events", new TextContent(text, "application/json", isDeclared: false));

        Assert.Equal(1, answer.Is(202)["accepted"].GetInt32());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/jsonp")]
    public async Task Another_content_type_is_refused(string mediaType) =>
        (await server.PostAsync("/v1/events", "{}", mediaType)).IsProblem(415);

    [Fact]
    public async Task A_request_without_a_body_is_refused() => (await server.PostAsync("/v1/events")).IsProblem(400, "", "required");

    [Fact]
    public async Task While_nothing_can_be_made_durable_the_answer_is_503_with_the_time_to_wait()
    {
        server.Personalizer.BatchesLeft = 0;
        try
        {
            var answer = await SendAsync(Event("'anonymousId':'late'"));

            answer.IsProblem(503);
            Assert.Equal("2", answer.Headers.RetryAfter!.ToString());
            Assert.Equal("The disk is full. Make room on it.", answer["detail"].GetString());
        }
        finally
        {
            server.Personalizer.BatchesLeft = null;
        }
    }

    private static string Event(string members)
    {
        var id = Interlocked.Increment(ref _messages);
        var type = members.Contains("'type'", StringComparison.Ordinal) ? "" : "'type':'custom',";
        return Of($"{{'messageId':'m{id}',{type}{members}}}");
    }

    private static string Batch(params string[] events) => Of("{'events':[") + string.Join(',', events) + "]}";

    private Task<Answer> SendAsync(params string[] events) => server.PostAsync("/v1/events", Batch(events));

    private static JsonElement Pick(JsonElement list, string member) =>
        JsonSerializer.SerializeToElement(list.EnumerateArray().Select(element => element.GetProperty(member)));

    private static (int Index, string? Path, string? Code) Rejection(Answer answer)
    {
        var rejection = Assert.Single(answer["rejected"].EnumerateArray());
        return (rejection.GetProperty("index").GetInt32(), rejection.GetProperty("path").GetString(), rejection.GetProperty("code").GetString());
    }
}
