using Personalization.Core.Catalog;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
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
        Assert.True(Admits(With(default)));
        Assert.True(Admits(With(new Consent(Purposes.None, Purposes.Training | Purposes.Analytics))));
        Assert.False(Admits(With(new Consent(Purposes.Training, Purposes.Personalization))));
        Assert.False(Admits(With(default), Stored(denied: Purposes.Personalization)));
        Assert.False(Admits(With(new Consent(Purposes.Personalization, default)), Stored(denied: Purposes.Personalization)));
    }

    [Fact]
    public void A_choice_is_taken_whatever_it_or_an_earlier_one_denies_and_stays_as_it_was_said()
    {
        var choice = With(new Consent(Purposes.Training, Purposes.Personalization), "consent");

        Assert.False(Intake.NeedsChoices(choice));
        Assert.True(Admits(choice, Stored(denied: Purposes.Personalization | Purposes.Training)));
        Assert.Equal(new Consent(Purposes.Training, Purposes.Personalization), choice.Consent);
    }

    [Fact]
    public void What_was_denied_before_is_stated_on_the_event_so_that_whoever_folds_it_need_not_ask()
    {
        var view = With(new Consent(Purposes.Training, Purposes.Analytics));

        Assert.True(Admits(view, Stored(denied: Purposes.Training)));
        Assert.Equal(new Consent(Purposes.None, Purposes.Analytics | Purposes.Training), view.Consent);
    }

    [Fact]
    public void Where_the_unknown_is_denied_only_what_was_granted_is_taken()
    {
        var deny = new Intake(_shop.State.Plan, _shop.Words, new ConsentPolicy(DeniesUnknown: true));
        var granted = Stored(granted: Purposes.Personalization);
        var view = With(default);

        Assert.False(deny.Admits(With(default), default));
        Assert.True(deny.Admits(With(new Consent(Purposes.Personalization, default)), default));
        Assert.True(deny.Admits(view, granted));
        Assert.Equal(PurposeNames.Every & ~Purposes.Personalization, view.Consent.Denied);
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
        new Intake(_shop.State.Plan, _shop.Words, ConsentPolicy.Default).Complete(impression, record);
        new Intake(_shop.State.Plan, _shop.Words, ConsentPolicy.Default).Complete(foreign, record);

        Assert.Equal([new Exposure("x", 1, "all")], impression.Exposures);
        Assert.Empty(foreign.Exposures);
    }

    private void Complete(Event source) => new Intake(_shop.State.Plan, _shop.Words, ConsentPolicy.Default).Complete(source, null);

    private bool Admits(Event source, ConsentChoices stored = default) =>
        new Intake(_shop.State.Plan, _shop.Words, ConsentPolicy.Default).Admits(source, stored);

    private static ConsentChoices Stored(Purposes granted = default, Purposes denied = default) =>
        default(ConsentChoices).With(new Consent(granted, denied), Shop.Now, out _);

    private static Event With(Consent consent, string type = "view") => new()
    {
        MessageId = "m",
        Type = type,
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
