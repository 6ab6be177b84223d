using System.Text;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Tests.Events;

public sealed class EventBatchReaderTests
{
    private const long Now = Happened.Monday;
    private const string Good = """{"messageId":"m","type":"view","anonymousId":"ann"}""";

    [Theory]
    [InlineData("""{"messageId":"1","type":"identify","anonymousId":"a1"}""", "userId", "required")]
    [InlineData("""{"messageId":"1","type":"alias","previousId":"a1"}""", "userId", "required")]
    [InlineData("""{"messageId":"1","type":"alias","userId":"u1"}""", "previousId", "required")]
    [InlineData("""{"messageId":"1","type":"alias","userId":"u1","previousId":""}""", "previousId", "empty")]
    [InlineData("""{"messageId":"1","type":"alias","userId":"u1","previousId":"u1"}""", "previousId", "alias_to_itself")]
    public void An_identity_event_that_joins_nothing_is_refused_by_its_field(string json, string path, string code)
    {
        Assert.Null(EventBatchReader.ReadOne(System.Text.Encoding.UTF8.GetBytes(json), 0, out var problem));
        Assert.Equal((path, code), (problem!.Path, problem.Code));
    }

    [Fact]
    public void What_the_host_refuses_is_told_by_the_place_it_had_in_the_batch()
    {
        var good = Happened.Event("view", 1);
        var bad = new Problem("x", "bad", "Bad.");
        var batch = new EventBatch([good, good, good], [new(0, bad), new(2, bad)]);

        Assert.Equal([0, 2], batch.RejectedWith([]).Select(rejected => rejected.Index));
        Assert.Equal([0, 1, 2, 4], batch.RejectedWith([new(0, bad), new(2, bad)]).Select(rejected => rejected.Index));
        Assert.Equal([0, 2, 3], batch.RejectedWith([new(1, bad)]).Select(rejected => rejected.Index));
    }

    [Fact]
    public void Every_field_of_an_event_is_read()
    {
        var read = ReadOne(
            """
            {"messageId":"m1","type":"purchase","timestamp":"2026-05-03T12:00:00.250Z","anonymousId":"ann","userId":"u7",
             "properties":{"itemId":"A1","category":"shoes","brand":"Acme","price":19.95,"quantity":3,"query":"red shoes",
             "decisionId":"D","placement":"home.hero","value":2.5}}
            """);

        Assert.Equal("m1", read.MessageId);
        Assert.Equal("purchase", read.Type);
        Assert.Equal(Now - (12 * 3600 * 1000) + 250, read.Timestamp);
        Assert.Equal(Now, read.ReceivedAt);
        Assert.Equal(("ann", "u7", "u7"), (read.AnonymousId, read.UserId, read.PersonId));
        Assert.Equal(("A1", "shoes", "Acme"), (read.ItemId, read.Category, read.Brand));
        Assert.Equal((19.95, 3, 2.5), (read.Price, read.Quantity, read.Value));
        Assert.Equal(("red shoes", "D", "home.hero"), (read.Query, read.DecisionId, read.Placement));
    }

    [Fact]
    public void What_is_left_out_or_null_has_its_default()
    {
        var read = ReadOne(
            """
            {"messageId":"m","type":"view","timestamp":null,"sentAt":null,"userId":null,"anonymousId":"ann","consent":null,"extra":null,
             "properties":{"itemId":null,"category":null,"price":null,"quantity":null,"value":null,"query":null,"other":null}}
            """);

        Assert.Equal(Now, read.Timestamp);
        Assert.Null(read.UserId);
        Assert.Null(read.ItemId);
        Assert.Equal((double.NaN, 1, double.NaN), (read.Price, read.Quantity, read.Value));
        Assert.Equal(default, read.Consent);
        Assert.Null(ReadOne(Good.Replace("\"type\"", "\"properties\":null,\"type\"")).ItemId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("{\"events\":[")]
    [InlineData("{\"events\":[]")]
    [InlineData("{\"events\":[]} x")]
    [InlineData("{\"events\":[" + Good + ",]}")]
    [InlineData("{\"events\":[" + Good + "]}}")]
    [InlineData("{\"events\":[{\"properties\":{\"price\":NaN}}]}")]
    [InlineData("{\"events\":[{\"properties\":{\"price\":01}}]}")]
    [InlineData("{'events':[]}")]
    public void A_body_that_is_not_JSON_is_refused_as_a_whole(string body)
    {
        Assert.Null(EventBatchReader.Read(Encoding.UTF8.GetBytes(body), Now, out var problem));
        Assert.Equal(("", "not_json"), (problem!.Path, problem.Code));
    }

    [Theory]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("null", "", "invalid_type")]
    [InlineData("\"events\"", "", "invalid_type")]
    [InlineData("{}", "events", "required")]
    [InlineData("{\"event\":[]}", "events", "required")]
    [InlineData("{\"events\":null}", "events", "invalid_type")]
    [InlineData("{\"events\":{}}", "events", "invalid_type")]
    [InlineData("{\"events\":[],\"events\":[]}", "events", "invalid_type")]
    [InlineData("{\"sentAt\":5,\"events\":[]}", "sentAt", "invalid_type")]
    [InlineData("{\"events\":[],\"sentAt\":\"today\"}", "sentAt", "invalid_type")]
    [InlineData("{\"\\uD800sentA\":1,\"sentAt\":null,\"events\":[]}", "", "invalid_text")]
    [InlineData("{\"\\uD800\\uD800\\uD800\":1,\"events\":[]}", "", "invalid_text")]
    public void A_body_that_is_no_batch_is_refused_as_a_whole(string body, string path, string code)
    {
        Assert.Null(EventBatchReader.Read(Encoding.UTF8.GetBytes(body), Now, out var problem));
        Assert.Equal((path, code), (problem!.Path, problem.Code));
    }

    [Fact]
    public void Not_JSON_is_told_with_line_and_byte()
    {
        EventBatchReader.Read("{\n  \"events\": [x]\n}"u8, Now, out var problem);

        Assert.Contains("line 2, byte 14", problem!.Detail);
    }

    [Theory]
    [InlineData("\"messageId\":7", "messageId", "invalid_type")]
    [InlineData("\"messageId\":[[1]]", "messageId", "invalid_type")]
    [InlineData("\"messageId\":\"\"", "messageId", "empty")]
    [InlineData("\"messageId\":null", "messageId", "required")]
    [InlineData("\"messageId\":\"a\\nb\"", "messageId", "control_character")]
    [InlineData("\"messageId\":\"a\\u007fb\"", "messageId", "control_character")]
    [InlineData("\"messageId\":\"a\\u0085b\"", "messageId", "control_character")]
    [InlineData("\"messageId\":\"\\uD800\"", "messageId", "invalid_text")]
    [InlineData("\"messageId\":\"\\uDC00x\"", "messageId", "invalid_text")]
    [InlineData("\"type\":{}", "type", "invalid_type")]
    [InlineData("\"type\":\"\"", "type", "empty")]
    [InlineData("\"type\":null", "type", "required")]
    [InlineData("\"type\":\"\\t\"", "type", "control_character")]
    [InlineData("\"anonymousId\":null", "anonymousId", "required")]
    [InlineData("\"anonymousId\":true", "anonymousId", "invalid_type")]
    [InlineData("\"userId\":1.5", "userId", "invalid_type")]
    [InlineData("\"userId\":\"\"", "userId", "empty")]
    [InlineData("\"timestamp\":1777852800000", "timestamp", "invalid_type")]
    [InlineData("\"timestamp\":\"yesterday\"", "timestamp", "invalid_type")]
    [InlineData("\"timestamp\":\"\"", "timestamp", "invalid_type")]
    [InlineData("\"timestamp\":\"2026-05-01\"", "timestamp", "invalid_type")]
    [InlineData("\"timestamp\":\"2026-05-01T12:00:00\"", "timestamp", "invalid_type")]
    [InlineData("\"timestamp\":\"2026-13-01T12:00:00Z\"", "timestamp", "invalid_type")]
    [InlineData("\"timestamp\":\"\\uD8002026-05-01T12:00:00Z\"", "", "invalid_text")]
    [InlineData("\"sentAt\":{\"a\":[]}", "sentAt", "invalid_type")]
    [InlineData("\"consent\":true", "consent", "invalid_type")]
    [InlineData("\"consent\":[{}]", "consent", "invalid_type")]
    [InlineData("\"consent\":{\"trainig\":false}", "consent", "unknown_purpose")]
    [InlineData("\"consent\":{\"Training\":false}", "consent", "unknown_purpose")]
    [InlineData("\"consent\":{\"trainig\":{\"a\":[1]}}", "consent", "unknown_purpose")]
    [InlineData("\"consent\":{\"training\":1}", "consent.training", "invalid_type")]
    [InlineData("\"consent\":{\"training\":\"yes\"}", "consent.training", "invalid_type")]
    [InlineData("\"consent\":{\"training\":{\"a\":{}}}", "consent.training", "invalid_type")]
    [InlineData("\"consent\":{\"\\uD800\":true}", "", "invalid_text")]
    [InlineData("\"consent\":{\"training\":\"\\uD800grante\"}", "", "invalid_text")]
    [InlineData("\"properties\":[]", "properties", "invalid_type")]
    [InlineData("\"properties\":\"A1\"", "properties", "invalid_type")]
    [InlineData("\"properties\":{\"itemId\":12}", "properties.itemId", "invalid_type")]
    [InlineData("\"properties\":{\"itemId\":\"\"}", "properties.itemId", "empty")]
    [InlineData("\"properties\":{\"category\":[\"a\"]}", "properties.category", "invalid_type")]
    [InlineData("\"properties\":{\"brand\":{}}", "properties.brand", "invalid_type")]
    [InlineData("\"properties\":{\"price\":\"9.95\"}", "properties.price", "invalid_type")]
    [InlineData("\"properties\":{\"price\":-0.01}", "properties.price", "out_of_range")]
    [InlineData("\"properties\":{\"price\":1e999}", "properties.price", "out_of_range")]
    [InlineData("\"properties\":{\"quantity\":0}", "properties.quantity", "out_of_range")]
    [InlineData("\"properties\":{\"quantity\":1.5}", "properties.quantity", "out_of_range")]
    [InlineData("\"properties\":{\"quantity\":1000001}", "properties.quantity", "out_of_range")]
    [InlineData("\"properties\":{\"quantity\":\"2\"}", "properties.quantity", "invalid_type")]
    [InlineData("\"properties\":{\"query\":\"\\u0000\"}", "properties.query", "control_character")]
    [InlineData("\"properties\":{\"decisionId\":{}}", "properties.decisionId", "invalid_type")]
    [InlineData("\"properties\":{\"placement\":1}", "properties.placement", "invalid_type")]
    [InlineData("\"properties\":{\"value\":true}", "properties.value", "invalid_type")]
    [InlineData("\"properties\":{\"value\":-1e999}", "properties.value", "out_of_range")]
    [InlineData("\"properties\":{\"\\uD800\":1}", "", "invalid_text")]
    [InlineData("\"\\uD800\\uD800\\uD800\":{\"a\":[1,2]}", "", "invalid_text")]
    public void A_bad_field_is_told_by_its_path_and_spoils_only_its_own_event(string member, string path, string code)
    {
        // Of two members with one name the last counts, so the bad one comes last.
        var bad = Good[..^1] + "," + member + "}";

        var batch = Read($"{{\"events\":[{Good},{bad},{Good}]}}");

        Assert.Equal(2, batch.Events.Count);
        var rejected = Assert.Single(batch.Rejected);
        Assert.Equal((1, path, code), (rejected.Index, rejected.Problem.Path, rejected.Problem.Code));
    }

    [Theory]
    [InlineData("""{"type":"view","anonymousId":"a"}""", "messageId")]
    [InlineData("""{"messageId":"m","anonymousId":"a"}""", "type")]
    [InlineData("""{"messageId":"m","type":"view"}""", "anonymousId")]
    [InlineData("{}", "messageId")]
    public void What_every_event_needs_is_required(string json, string path)
    {
        Assert.Null(EventBatchReader.ReadOne(Encoding.UTF8.GetBytes(json), Now, out var problem));
        Assert.Equal((path, "required"), (problem!.Path, problem.Code));
    }

    [Fact]
    public void A_batch_keeps_its_good_events_in_order_and_answers_each_bad_one_by_index()
    {
        var events = Enumerable.Range(0, 100).Select(i => i switch
        {
            17 => "5",
            18 => "[[{\"a\":[]}]]",
            40 => "null",
            _ when i % 2 == 0 => $$"""{"messageId":"m{{i}}","type":"view","anonymousId":"a"}""",
            _ => $$$"""{"messageId":"m{{{i}}}","type":"view","anonymousId":"a","properties":{"price":"x","deep":{"a":[{}] } } }""",
        });

        var batch = Read($"{{\"source\":{{\"a\":[1]}},\"events\":[{string.Join(",", events)}],\"after\":[{{}}]}}");

        Assert.Equal(
            Enumerable.Range(0, 100).Where(i => i % 2 == 0 && i is not (18 or 40)).Select(i => $"m{i}"),
            batch.Events.Select(read => read.MessageId));
        Assert.Equal(
            Enumerable.Range(0, 100).Where(i => i % 2 == 1 || i is 18 or 40),
            batch.Rejected.Select(rejected => rejected.Index));
        Assert.All(batch.Rejected, rejected => Assert.Equal(rejected.Index is 17 or 18 or 40 ? "" : "properties.price", rejected.Problem.Path));
    }

    [Fact]
    public void A_batch_holds_500_events_and_not_501()
    {
        Assert.Equal(500, Read($"{{\"events\":[{string.Join(",", Enumerable.Repeat(Good, 500))}]}}").Events.Count);

        Assert.Null(EventBatchReader.Read(
            Encoding.UTF8.GetBytes($"{{\"events\":[{string.Join(",", Enumerable.Repeat(Good, 501))}]}}"), Now, out var problem));
        Assert.Equal(("events", "too_many_events"), (problem!.Path, problem.Code));
        Assert.Empty(Read("{\"events\":[]}").Events);
    }

    [Theory]
    [InlineData("messageId", 256)]
    [InlineData("anonymousId", 256)]
    [InlineData("userId", 256)]
    [InlineData("type", 64)]
    [InlineData("properties.itemId", 256)]
    [InlineData("properties.decisionId", 256)]
    [InlineData("properties.placement", 256)]
    [InlineData("properties.category", 512)]
    [InlineData("properties.brand", 512)]
    [InlineData("properties.query", 512)]
    public void A_text_may_be_as_long_as_its_bound_and_not_one_longer(string path, int most)
    {
        string With(int length)
        {
            var member = $"\"{path.Split('.')[^1]}\":\"{new string('ü', length)}\"";
            return Good[..^1] + "," + (path.Contains('.', StringComparison.Ordinal) ? $"\"properties\":{{{member}}}" : member) + "}";
        }

        ReadOne(With(most));

        Assert.Null(EventBatchReader.ReadOne(Encoding.UTF8.GetBytes(With(most + 1)), Now, out var problem));
        Assert.Equal((path, "too_long"), (problem!.Path, problem.Code));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("2008-08-08T08:08:08Z", 1_218_182_888_000)]
    [InlineData("2026-05-04T02:00:00+02:00", Now)]
    [InlineData("2026-05-03T16:00:00-08:00", Now)]
    [InlineData("2026-05-03T23:59:59.999Z", Now - 1)]
    [InlineData("2026-05-04T12:00:00Z", Now)]
    [InlineData("2026-05-05T00:00:00.000Z", Now)]
    public void A_timestamp_is_taken_from_1970_to_a_day_ahead_but_never_after_its_receipt(string timestamp, long expected) =>
        Assert.Equal(expected, ReadOne(Stamped(timestamp)).Timestamp);

    [Theory]
    [InlineData("1969-12-31T23:59:59.999Z", "out_of_range")]
    [InlineData("0001-01-01T00:00:00Z", "out_of_range")]
    [InlineData("2026-05-05T00:00:00.001Z", "in_future")]
    [InlineData("2099-01-01T00:00:00Z", "in_future")]
    [InlineData("9999-12-31T23:59:59Z", "in_future")]
    public void A_timestamp_before_1970_or_more_than_a_day_ahead_is_refused(string timestamp, string code)
    {
        Assert.Null(EventBatchReader.ReadOne(Encoding.UTF8.GetBytes(Stamped(timestamp)), Now, out var problem));
        Assert.Equal(("timestamp", code), (problem!.Path, problem.Code));
    }

    [Theory]
    [InlineData("{\"sentAt\":\"2026-05-04T03:00:00Z\",\"events\":[EVENT]}")]
    [InlineData("{\"events\":[EVENT],\"sentAt\":\"2026-05-04T03:00:00Z\"}")]
    [InlineData("{\"events\":[SENT]}")]
    [InlineData("{\"sentAt\":\"2001-01-01T00:00:00Z\",\"events\":[SENT]}")]
    public void A_clock_that_is_three_hours_fast_is_corrected(string body)
    {
        // Stamped 02:59:50 by a clock that shows 03:00:00 when it is midnight: ten seconds before midnight.
        var stamped = Stamped("2026-05-04T02:59:50Z");
        var batch = Read(body
            .Replace("EVENT", stamped, StringComparison.Ordinal)
            .Replace("SENT", stamped[..^1] + ",\"sentAt\":\"2026-05-04T03:00:00Z\"}", StringComparison.Ordinal));

        Assert.Equal(Now - 10_000, Assert.Single(batch.Events).Timestamp);
    }

    [Fact]
    public void A_clock_of_2001_is_corrected_too_and_an_event_without_a_timestamp_happened_now()
    {
        var batch = Read($"{{\"sentAt\":\"2001-01-01T00:01:00Z\",\"events\":[{Stamped("2001-01-01T00:00:00Z")},{Good}]}}");

        Assert.Equal([Now - 60_000, Now], batch.Events.Select(read => read.Timestamp));
    }

    [Fact]
    public void A_null_time_of_sending_is_one_left_out() =>
        Assert.Equal(0, Assert.Single(Read($"{{\"sentAt\":null,\"events\":[{Stamped("1970-01-01T00:00:00Z")}]}}").Events).Timestamp);

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(999, false)]
    [InlineData(5_000, false)]
    [InlineData(100_000, false)]
    public void An_event_that_nests_too_deep_is_its_own_fault_alone(int depth, bool taken)
    {
        var arrays = new string('[', depth) + new string(']', depth);
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        var inProperties = Good[..^1] + ",\"properties\":{\"x\":" + arrays + "}}";
        var onEvent = Good[..^1] + ",\"x\":" + objects + ",\"y\":[],\"z\":{}}";

        var batch = Read($"{{\"events\":[{inProperties},{onEvent},{Good}]}}");

        Assert.Equal(taken ? 3 : 1, batch.Events.Count);
        Assert.All(batch.Rejected, rejected => Assert.Equal("too_deep", rejected.Problem.Code));
    }

    [Fact]
    public void Invalid_UTF8_spoils_only_its_own_event()
    {
        byte[] bad = [.. "{\"messageId\":\"a"u8, 0xC3, 0x28, .. "\",\"type\":\"view\",\"anonymousId\":\"a\"}"u8];
        byte[] surrogate = [.. "{\"messageId\":\"m\",\"type\":\"view\",\"anonymousId\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8];
        byte[] body = [.. "{\"events\":["u8, .. bad, (byte)',', .. surrogate, (byte)',', .. Encoding.UTF8.GetBytes(Good), .. "]}"u8];

        var batch = EventBatchReader.Read(body, Now, out _)!;

        Assert.Single(batch.Events);
        Assert.Equal([("messageId", "invalid_text"), ("anonymousId", "invalid_text")],
            batch.Rejected.Select(rejected => (rejected.Problem.Path, rejected.Problem.Code)));
    }

    [Fact]
    public void Of_two_members_with_one_name_the_last_counts_and_properties_add_up()
    {
        var read = ReadOne(
            """
            {"messageId":"a","messageId":"b","type":"view","anonymousId":"ann","userId":"u","userId":null,
             "properties":{"itemId":"A1","price":1},"properties":{"price":2}}
            """);

        Assert.Equal(("b", "A1", 2.0), (read.MessageId, read.ItemId, read.Price));
        Assert.Null(read.UserId);
    }

    [Fact]
    public void Consent_is_read_in_every_form()
    {
        var consent = ReadOne(Good[..^1]
            + """, "consent":{"analytics":true,"personalization":"granted","training":false,"advertising":"denied","crossDevice":"unknown"}}""")
            .Consent;

        Assert.Equal(Purposes.Analytics | Purposes.Personalization, consent.Granted);
        Assert.Equal(Purposes.Training | Purposes.Advertising, consent.Denied);
        Assert.True(consent.Allows(Purposes.CrossDevice));
        Assert.False(consent.Allows(Purposes.Training));
    }

    [Theory]
    [InlineData("{\"training\":true,\"training\":false}")]
    [InlineData("{\"training\":false,\"training\":true}")]
    public void One_who_both_grants_and_denies_denies(string consent) =>
        Assert.Equal(new Consent(Purposes.None, Purposes.Training), ReadOne(Good[..^1] + ",\"consent\":" + consent + "}").Consent);

    [Theory]
    [InlineData("")]
    [InlineData(Good + Good)]
    [InlineData(Good + " x")]
    [InlineData("{\"messageId\":\"m\"")]
    public void A_line_holds_one_event_and_nothing_else(string line)
    {
        Assert.Null(EventBatchReader.ReadOne(Encoding.UTF8.GetBytes(line), Now, out var problem));
        Assert.Equal("not_json", problem!.Code);
    }

    [Fact]
    public void Any_prefix_of_a_batch_is_refused_and_none_throws()
    {
        var body = Encoding.UTF8.GetBytes(
            "{\"sentAt\":\"2026-05-04T00:00:00Z\",\"events\":[" + Good[..^1] + ",\"consent\":{\"training\":false},\"properties\":{\"price\":1}}]}");
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Null(EventBatchReader.Read(body.AsSpan(0, length), Now, out var problem));
            Assert.NotNull(problem);
        }
    }

    [Fact]
    public void A_batch_with_any_byte_changed_never_throws()
    {
        var body = Encoding.UTF8.GetBytes(
            "{\"sentAt\":\"2026-05-04T00:00:00Z\",\"events\":[" + Good[..^1]
            + ",\"timestamp\":\"2026-05-03T00:00:00Z\",\"consent\":{\"training\":\"denied\"},\"properties\":{\"itemId\":\"\\u00e9\",\"price\":1.5}}]}");
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var changed = body.ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            changed[random.Next(changed.Length)] = "\"\\{}[],:u0dD8"u8[random.Next(13)];

            var batch = EventBatchReader.Read(changed, Now, out var problem);

            Assert.True(batch is null == problem is not null);
        }
    }

    private static string Stamped(string timestamp) => Good[..^1] + ",\"timestamp\":\"" + timestamp + "\"}";

    private static EventBatch Read(string body)
    {
        var batch = EventBatchReader.Read(Encoding.UTF8.GetBytes(body), Now, out var problem);
        Assert.Null(problem);
        return batch!;
    }

    private static Event ReadOne(string json)
    {
        var read = EventBatchReader.ReadOne(Encoding.UTF8.GetBytes(json), Now, out var problem);
        Assert.Null(problem);
        return read!;
    }
}
