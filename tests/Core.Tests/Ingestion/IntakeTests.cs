using Personalization.Core.Catalog;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Core.Tests.Decisions;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Ingestion;

public sealed class IntakeTests
{
    private const string Experiment = """
        {"experiences": {"e": {}}, "placements": {"hero": {}},
         "experiments": {"x": {"placement": "hero", "status": "running", "variants": [{"key": "all", "weight": 1, "experience": "e"}, {"key": "none", "weight": 0}]}}}
        """;

    private readonly Shop _shop = new Shop().Stock(new Item { Id = "boot", Category = "shoes", Brand = "acme" });

    [Fact]
    public void What_an_event_leaves_out_comes_from_the_catalog_and_what_it_says_stays()
    {
        var bare = Happened.Event("view", Shop.Now, "boot");
        var named = Happened.Event("view", Shop.Now, "boot", category: "sale");

        Complete(bare);
        Complete(named);

        Assert.Equal(("shoes", "acme"), (bare.Category, bare.Brand));
        Assert.Equal(("sale", "acme"), (named.Category, named.Brand));
    }

    [Fact]
    public void An_event_is_dropped_if_it_may_not_be_used_for_the_person_themselves()
    {
        Assert.True(Intake.Admits(With(default)));
        Assert.True(Intake.Admits(With(new Consent(Purposes.None, Purposes.Training | Purposes.Analytics))));
        Assert.False(Intake.Admits(With(new Consent(Purposes.Training, Purposes.Personalization))));
    }

    [Fact]
    public void An_impression_and_nothing_else_asks_for_its_decision_and_is_exposed_to_what_that_assigned()
    {
        var decision = _shop.Put(Experiment).Decide(new DecisionRequest { AnonymousId = "ann", Placements = ["hero"] });
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        DecisionCodec.Write(bytes, decision);
        var record = DecisionCodec.Read(bytes.WrittenSpan);
        var impression = Of("impression", "ann", decision.Id.ToString());
        var foreign = Of("impression", "bob", decision.Id.ToString());

        Assert.Equal(decision.Id, Intake.DecisionOf(impression));
        Assert.Null(Intake.DecisionOf(Of("click", "ann", decision.Id.ToString())));
        Assert.Null(Intake.DecisionOf(Of("impression", "ann", "no such id")));
        new Intake(_shop.State.Plan, _shop.Words).Complete(impression, record);
        new Intake(_shop.State.Plan, _shop.Words).Complete(foreign, record);

        Assert.Equal([new Exposure("x", 1, "all")], impression.Exposures);
        Assert.Empty(foreign.Exposures);
    }

    private void Complete(Event source) => new Intake(_shop.State.Plan, _shop.Words).Complete(source, null);

    private static Event With(Consent consent) => new()
    {
        MessageId = "m",
        Type = "view",
        Timestamp = Shop.Now,
        ReceivedAt = Shop.Now,
        AnonymousId = "ann",
        Consent = consent,
    };

    private static Event Of(string type, string person, string decision) => new()
    {
        MessageId = "m",
        Type = type,
        Timestamp = Shop.Now,
        ReceivedAt = Shop.Now,
        AnonymousId = person,
        DecisionId = decision,
    };
}
