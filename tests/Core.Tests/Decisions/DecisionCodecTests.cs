using System.Buffers;
using System.Text.Json;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Events;

namespace Personalization.Core.Tests.Decisions;

public sealed class DecisionCodecTests
{
    [Fact]
    public void A_decision_is_remembered_by_ids()
    {
        var decision = Rich();
        var bytes = Write(decision);

        var read = DecisionCodec.Read(bytes);

        Assert.Equal(decision.Id, DecisionCodec.ReadId(bytes));
        Assert.Equal(
            (decision.Id, decision.PersonId, decision.DecidedAt, decision.ProfileVersion, decision.ConfigurationRevision),
            (read.Id, read.PersonId, read.DecidedAt, read.ProfileVersion, read.ConfigurationRevision));
        Assert.Equal(decision.Placements.Count, read.Placements.Count);
        foreach (var (made, remembered) in decision.Placements.Zip(read.Placements))
        {
            Assert.Equal(
                (made.Name, made.Reason, made.Experience?.Id, made.Experiment?.Id, made.Experiment?.Version ?? 0, made.Variant?.Key, made.Propensity),
                (remembered.Name, remembered.Reason, remembered.Experience, remembered.Experiment, remembered.Version, remembered.Variant, remembered.Propensity));
            Assert.Equal(
                made.Items.Select(item => new ItemRecord(item.Item.Id, item.Score, item.Strategy, item.Because?.Id)),
                remembered.Items);
        }

        // Something of everything, so that nothing is equal only because it is missing.
        Assert.Equal(
            [DecisionReason.Default, DecisionReason.Experiment, DecisionReason.UnknownPlacement],
            read.Placements.Select(placement => placement.Reason));
        Assert.Equal(
            [("B", RecommendStrategy.Next, "A"), ("A", RecommendStrategy.Popular, null), ("C", RecommendStrategy.Popular, null)],
            read.Placements[0].Items.Select(item => (item.Id, item.Strategy, item.Because)));
        Assert.Equal((3, 0.5), (read.Placements[1].Version, read.Placements[1].Propensity));
    }

    [Fact]
    public void Features_of_every_kind_are_remembered_but_for_whole_objects()
    {
        var read = DecisionCodec.Read(Write(Rich())).Features.ToDictionary(feature => feature.Name, feature => feature.Value);

        Assert.Equal(AttributeValue.From(1.5), read["context.number"]);
        Assert.Equal(AttributeValue.From("ü"), read["context.text"]);
        Assert.Equal(AttributeValue.From(true), read["context.yes"]);
        Assert.Equal(AttributeValue.Null, read["context.null"]);
        Assert.Equal(AttributeValue.Missing, read["context.missing"]);
        Assert.Equal(AttributeValue.Missing, read["context.object"]);
        Assert.Equal(
            AttributeValue.FromArray([AttributeValue.From(1.0), AttributeValue.FromArray([AttributeValue.From("x")]), AttributeValue.Missing]),
            read["context.list"]);
    }

    [Fact]
    public void Bytes_that_end_early_or_are_newer_are_refused()
    {
        var bytes = Write(Rich());
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => DecisionCodec.Read(bytes.AsSpan(0, length)));
        }

        bytes[0] = 3;
        Assert.Contains("version 3", Assert.Throws<InvalidDataException>(() => DecisionCodec.Read(bytes)).Message);
    }

    private static Decision Rich()
    {
        var shop = new Shop().Put(
            """
            {"experiences": {"e": {"recommend": {"strategies": ["next", "popular"], "excludeSeen": false}, "output": "items"}},
             "placements": {"p": {"experiences": [
                {"id": "e", "audience": {"context.number": 0, "context.text": 0, "context.yes": 0, "context.null": 0, "context.missing": 0,
                  "context.object": 0, "context.list": 0}},
                {"id": "e"}]}, "q": {}},
             "experiments": {"x": {"placement": "q", "status": "running", "version": 3, "variants": [
                {"key": "a", "weight": 0.5, "experience": "e"}, {"key": "b", "weight": 0.5, "experience": "e"}]}}}
            """).Stock("A", "B", "C");
        shop.Happen("bob", EventTypes.View, Shop.Now, "A").Happen("bob", EventTypes.View, Shop.Now, "B").Learn();
        shop.Happen("ann", EventTypes.View, Shop.Now, "A");
        var context = """{"number": 1.5, "text": "ü", "yes": true, "null": null, "object": {"a": 1}, "list": [1, ["x"], {"a": 1}]}""";
        return shop.Decide(new DecisionRequest
        {
            AnonymousId = "ann",
            Placements = ["p", "q", "nowhere"],
            Context = AttributeValue.FromJson(JsonElement.Parse(context)),
        });
    }

    private static byte[] Write(Decision decision)
    {
        var output = new ArrayBufferWriter<byte>();
        DecisionCodec.Write(output, decision);
        return output.WrittenSpan.ToArray();
    }
}
