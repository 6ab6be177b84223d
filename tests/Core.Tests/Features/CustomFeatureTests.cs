using System.Buffers;
using System.Text;
using Personalization.Core.Conditions;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Configuration;
using Personalization.Core.Tests.Decisions;

namespace Personalization.Core.Tests.Features;

public sealed class CustomFeatureTests
{
    private const long Now = Shop.Now;
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private readonly Shop _shop = new();
    private int _sent;

    [Theory]
    [InlineData("""{"derive": "ratio", "of": ["events.click.total", "events.view.total"]}""", 3 / 8.0)]
    [InlineData("""{"derive": "ratio", "of": ["events.click.total", "events.view.total"], "prior": {"add": 1, "to": 20}}""", 4 / 28.0)]
    [InlineData("""{"derive": "ratio", "of": ["events.click.total", "events.purchase.total"], "default": -1}""", -1)]
    [InlineData("""{"derive": "difference", "of": ["events.click.total", "events.view.total"]}""", -5)]
    [InlineData("""{"derive": "sum", "of": ["events.click.total", "events.view.total", "session.active"]}""", 12)]
    [InlineData("""{"derive": "product", "of": ["events.click.total", "events.view.total"]}""", 24)]
    [InlineData("""{"derive": "mean", "of": ["events.click.total", "events.view.total"]}""", 5.5)]
    [InlineData("""{"derive": "min", "of": ["events.click.total", "events.view.total"]}""", 3)]
    [InlineData("""{"derive": "max", "of": ["events.click.total", "events.view.total"]}""", 8)]
    [InlineData("""{"derive": "trend", "of": ["events.click.total", "events.view.total"], "share": 0.5}""", 4 / 5.0)]
    [InlineData("""{"derive": "buckets", "of": ["events.view.total"], "bounds": [1, 8, 9]}""", 2)]
    [InlineData("""{"derive": "log", "of": ["events.purchase.total"]}""", 0)]
    [InlineData("""{"derive": "sum", "of": ["top.category"], "default": 7}""", 7)]
    public void A_number_is_made_of_others_and_no_number_is_the_default(string body, double value)
    {
        Act();
        Declare("x", body);

        Assert.Equal(value, _shop.Feature("ann", "custom.x", Now).Number);
    }

    [Fact]
    public void A_threshold_is_yes_or_no_and_features_are_made_of_features_that_are()
    {
        Act();
        _shop.Put("""
            {"features": {"rate": {"derive": "ratio", "of": ["events.click.total", "events.view.total"]},
                          "clicky": {"derive": "threshold", "of": ["custom.rate"], "atLeast": 0.375}},
             "segments": {"clickers": {"condition": {"custom.clicky": true}}}}
            """);

        Assert.True(_shop.Feature("ann", "custom.clicky", Now).Boolean);
        Assert.True(_shop.Feature("ann", "segments.clickers", Now).Boolean);
        Assert.False(_shop.Feature("bob", "custom.clicky", Now).Boolean);
    }

    [Theory]
    [InlineData("count", null, 3)]
    [InlineData("sum", "minutes", 17.5)]
    [InlineData("min", "minutes", 2.5)]
    [InlineData("max", "minutes", 10)]
    [InlineData("last", "minutes", 5)]
    [InlineData("distinct", "channel", 2)]
    public void What_matching_events_contribute_is_put_together(string how, string? property, double value)
    {
        Declare("video", $$"""
            {"accumulate": "{{how}}", "event": "watch", {{(property is null ? "" : $"\"property\": \"{property}\",")}}
             "where": {"genre": "sports", "minutes": {"$gte": 1} }, "window": "30d"}
            """);
        Send("watch", Now - (3 * Day), """{"genre": "sports", "minutes": 10, "channel": "one"}""");
        Send("watch", Now - (2 * Day), """{"genre": "sports", "minutes": 2.5, "channel": "two"}""");
        Send("watch", Now - (2 * Day), """{"genre": "news", "minutes": 100, "channel": "three"}""");
        Send("watch", Now - (2 * Day), """{"genre": "sports", "minutes": 0.5, "channel": "four"}""");
        Send("listen", Now - Day, """{"genre": "sports", "minutes": 100, "channel": "five"}""");
        Send("watch", Now - Day, """{"genre": "sports", "minutes": 5, "channel": "two"}""");

        Assert.Equal(value, _shop.Feature("ann", "custom.video", Now).Number);

        // When the window has passed over all of it nothing is left, and there is no least of nothing.
        var gone = _shop.Feature("ann", "custom.video", Now + (40 * Day));
        Assert.Equal(how is "count" or "sum" or "distinct" ? AttributeValue.From(0) : AttributeValue.Missing, gone);
    }

    [Fact]
    public void Words_are_remembered_one_by_one_and_known_properties_are_read_too()
    {
        _shop.Put("""
            {"features": {"channel": {"accumulate": "last", "event": "watch", "property": "channel", "window": "total"},
                          "dearest": {"accumulate": "max", "event": "view", "property": "price", "where": {"category": "shoes"}, "window": "total"}}}
            """);
        Send("watch", Now - Day, """{"channel": "two"}""");
        Send("watch", Now - (2 * Day), """{"channel": "one"}""");
        Send("view", Now, """{"itemId": "boot", "category": "shoes", "price": 119.95}""");
        Send("view", Now, """{"itemId": "tv", "category": "tvs", "price": 900}""");

        Assert.Equal("two", _shop.Feature("ann", "custom.channel", Now).Text);
        Assert.Equal(119.95, _shop.Feature("ann", "custom.dearest", Now).Number);
    }

    [Fact]
    public void A_person_who_denied_the_purpose_contributes_nothing()
    {
        Declare("ads", """{"accumulate": "count", "event": "watch", "purposes": ["personalization", "advertising"]}""");

        Assert.Single(Send("watch", Now, "{}").Contributions);
        Assert.Empty(Send("watch", Now, "{}", ""","consent": {"advertising": false}""").Contributions);
        Assert.Equal(1, _shop.Feature("ann", "custom.ads", Now).Number);
    }

    [Fact]
    public void The_log_holds_what_an_event_contributes_and_not_what_it_said()
    {
        Declare("video", """{"accumulate": "sum", "event": "watch", "property": "minutes"}""");
        var source = Send("watch", Now, """{"minutes": 12.34567, "diagnosis": "PRIVATE-WORD"}""");
        var bytes = new ArrayBufferWriter<byte>();
        EventCodec.Write(bytes, source);

        var replayed = Assert.Single(EventCodec.Read(bytes.WrittenSpan));
        var profile = new UserProfile("ann");
        profile.Fold(replayed, 1, _shop.Words);

        Assert.DoesNotContain("PRIVATE-WORD", Encoding.UTF8.GetString(bytes.WrittenSpan), StringComparison.Ordinal);
        Assert.Empty(replayed.Properties);
        Assert.Equal(source.Contributions, replayed.Contributions);
        Assert.Equal(12.3457, profile.Accumulators.ValueAt("video", Accumulation.Sum, 4, Now).Number);
        Assert.Equal(State(_shop.Person("ann")), State(profile));
    }

    [Fact]
    public void A_feature_that_is_declared_anew_starts_afresh()
    {
        Declare("video", """{"accumulate": "sum", "event": "watch", "property": "minutes"}""");
        Send("watch", Now, """{"minutes": 5}""");
        Declare("video", """{"accumulate": "max", "event": "watch", "property": "minutes", "default": 0}""");

        Assert.Equal(0, _shop.Feature("ann", "custom.video", Now).Number);
        Send("watch", Now, """{"minutes": 3}""");
        Assert.Equal(3, _shop.Feature("ann", "custom.video", Now).Number);
    }

    [Theory]
    [InlineData("""{"of": ["events.view.1h"]}""", "derive", "required")]
    [InlineData("""{"derive": "sum", "accumulate": "sum"}""", "derive", "required")]
    [InlineData("""{"derive": "power", "of": ["events.view.1h"]}""", "derive", "unknown_value")]
    [InlineData("""{"derive": "ratio", "of": ["events.view.1h"]}""", "of", "out_of_range")]
    [InlineData("""{"derive": "sum"}""", "of", "required")]
    [InlineData("""{"derive": "sum", "of": ["events.view.1h", "event.view.1h"]}""", "of[1]", "unknown_feature")]
    [InlineData("""{"derive": "sum", "of": ["custom.f"]}""", "of[0]", "unknown_feature")]
    [InlineData("""{"derive": "sum", "of": [7]}""", "of[0]", "invalid_type")]
    [InlineData("""{"derive": "threshold", "of": ["events.view.1h"]}""", "atLeast", "required")]
    [InlineData("""{"derive": "threshold", "of": ["events.view.1h"], "atLeast": 1, "default": 0}""", "default", "invalid_type")]
    [InlineData("""{"derive": "buckets", "of": ["events.view.1h"], "bounds": [2, 1]}""", "bounds[1]", "out_of_range")]
    [InlineData("""{"derive": "trend", "of": ["events.view.1h", "events.view.1d"], "share": 0}""", "share", "out_of_range")]
    [InlineData("""{"derive": "ratio", "of": ["events.view.1h", "events.view.1d"], "prior": {"add": 1}}""", "prior.to", "required")]
    [InlineData("""{"accumulate": "average", "event": "watch", "property": "minutes"}""", "accumulate", "unknown_value")]
    [InlineData("""{"accumulate": "sum", "event": "watch"}""", "property", "required")]
    [InlineData("""{"accumulate": "count", "event": "watch", "property": "minutes"}""", "property", "unknown_field")]
    [InlineData("""{"accumulate": "count"}""", "event", "required")]
    [InlineData("""{"accumulate": "count", "event": "watch", "window": "7d"}""", "window", "unknown_value")]
    [InlineData("""{"accumulate": "count", "event": "watch", "where": {"a": {"$gtt": 1}}}""", "where.a.$gtt", "unknown_operator")]
    [InlineData("""{"accumulate": "count", "event": "watch", "purposes": ["fun"]}""", "purposes", "unknown_purpose")]
    [InlineData("""{"accumulate": "count", "event": "watch", "weight": 1}""", "weight", "unknown_field")]
    public void A_faulty_declaration_is_told_by_its_path(string body, string path, string code) =>
        Assert.Contains(($"features.f.{path}", code), Documents.FaultsOf($$"""{"features": {"f": {{body}} } }"""));

    [Fact]
    public void A_circle_of_features_and_segments_is_refused()
    {
        var faults = Documents.FaultsOf("""
            {"features": {"a": {"derive": "sum", "of": ["segments.s"]}, "b": {"derive": "sum", "of": ["custom.c"]}, "c": {"derive": "sum", "of": ["custom.b"]}},
             "segments": {"s": {"condition": {"custom.a": 1}}}}
            """);

        Assert.Contains(("segments.s.condition.custom.a", "unknown_attribute"), faults);
        Assert.Contains(("features.b.of[0]", "unknown_feature"), faults);
        Assert.Contains(("features.c.of[0]", "unknown_feature"), faults);
    }

    [Fact]
    public void No_more_features_accumulate_than_a_profile_has_room_for()
    {
        var features = string.Join(", ", Enumerable.Range(0, 33).Select(i => $$"""  "f{{i}}": {"accumulate": "count", "event": "watch"} """));

        Assert.Equal([("features", "too_many")], Documents.FaultsOf($$"""{"features": { {{features}} } }"""));
    }

    private void Act()
    {
        for (var i = 0; i < 8; i++)
        {
            _shop.Happen("ann", "view", Now - Hour + i);
        }

        _shop.Happen("ann", "click", Now - 1000).Happen("ann", "click", Now - 500).Happen("ann", "click", Now);
    }

    private void Declare(string id, string body) => _shop.Put($$"""{"features": {"{{id}}": {{body}} } }""");

    /// <summary>Takes an event in as a host does: reads it, completes it, folds it.</summary>
    private Event Send(string type, long at, string properties, string more = "")
    {
        var json = $$"""
            {"messageId": "s{{++_sent}}", "type": "{{type}}", "anonymousId": "ann", "timestamp": "{{DateTimeOffset.FromUnixTimeMilliseconds(at):O}}",
             "properties": {{properties}}{{more}}}
            """;
        var source = EventBatchReader.ReadOne(Encoding.UTF8.GetBytes(json), Now, out var problem);
        Assert.Null(problem);
        new Intake(_shop.State.Plan, _shop.Words, ConsentPolicy.Default).Complete(source!, null);
        _shop.Person("ann").Fold(source!, _sent, _shop.Words);
        return source!;
    }

    private byte[] State(UserProfile profile)
    {
        var output = new ArrayBufferWriter<byte>();
        profile.Write(output, _shop.Words);
        return output.WrittenSpan[10..].ToArray();
    }
}
