using Personalization.Core.Catalog;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Events;

namespace Personalization.Core.Tests.Decisions;

public sealed class RecommenderTests
{
    private const long Now = Shop.Now;

    [Fact]
    public void Without_a_template_or_items_asked_for_the_control_is_shown()
    {
        var shop = Configured("{\"recommend\": {}}").Stock("A");

        Assert.Equal((DecisionReason.MissingTemplate, null, 0), Facts(shop.DecideOne("ann", "p")));
    }

    [Fact]
    public void An_empty_catalog_and_one_without_a_match_show_the_control()
    {
        const string items = """{"recommend": {"filter": {"brand": "Acme"}}, "output": "items"}""";

        Assert.Equal((DecisionReason.EmptyCatalog, null, 0), Facts(Configured(items).DecideOne("ann", "p")));
        Assert.Equal((DecisionReason.NoCandidates, null, 0), Facts(Configured(items).Stock("A", "B").DecideOne("ann", "p")));
    }

    [Fact]
    public void A_template_that_has_words_for_no_items_says_them()
    {
        var shop = Configured(
            """
            {"recommend": {"filter": {"brand": "Acme"}},
             "template": {"op": "setHtml", "selector": "#r", "html": "{{#items}}<b>{{title}}</b>{{/items}}{{^items}}<i>Nothing</i>{{/items}}"}}
            """).Stock("A");

        Assert.Equal((DecisionReason.Default, "e", 0), Facts(shop.DecideOne("ann", "p")));
    }

    [Fact]
    public void A_new_shop_shows_its_items_by_id()
    {
        var shop = Configured("""{"recommend": {"limit": 2}, "output": "items"}""").Stock("c", "b", "a");

        Assert.Equal([("a", "popular"), ("b", "popular")], Items(shop, "ann"));
    }

    [Fact]
    public void Each_strategy_fills_what_the_ones_before_it_left()
    {
        var shop = Configured("""{"recommend": {"limit": 5}, "output": "items"}""").Stock("A", "B", "C", "D", "E", "F", "gone");
        Teach(shop);
        shop.Happen("ann", EventTypes.View, Now, "A");

        // From A people went to B twice, to C once and once to what is not sold; D is trending; E was popular a month ago; F nobody ever saw.
        Assert.Equal([("B", "next:A"), ("C", "next:A"), ("D", "trending"), ("E", "popular"), ("F", "popular")], Items(shop, "ann"));
        Assert.Equal([0.5, 0.25], shop.DecideOne("ann", "p").Items.Take(2).Select(item => item.Score));
    }

    [Theory]
    [InlineData("[\"popular\"]", "popular")]
    [InlineData("[\"trending\", \"popular\"]", "trending")]
    [InlineData("[\"next\", \"popular\"]", "popular")]
    public void Strategies_are_asked_in_the_order_configured(string strategies, string first)
    {
        var shop = Configured($$"""{"recommend": {"strategies": {{strategies}}, "limit": 3}, "output": "items"}""").Stock("A", "B", "C", "D", "E");
        Teach(shop);

        Assert.Equal(first, Items(shop, "stranger")[0].Reason);
        Assert.Equal(3, Items(shop, "stranger").Length);
    }

    [Fact]
    public void The_item_before_the_last_one_speaks_too_but_softly()
    {
        // From last: to x ¾, to y ¼; from before: to z ½, to y ½. Scores x .75, y .25 + .1 × .5 = .3, z .1 × .5 = .05.
        var shop = Configured("""{"recommend": {"strategies": ["next"]}, "output": "items"}""").Stock("last", "before", "x", "y", "z");
        foreach (var (i, (from, to)) in new[] { ("last", "x"), ("last", "x"), ("last", "x"), ("last", "y"), ("before", "z"), ("before", "y") }.Index())
        {
            shop.Happen($"person{i}", EventTypes.View, Now, from).Happen($"person{i}", EventTypes.View, Now, to);
        }

        shop.Learn().Happen("ann", EventTypes.View, Now, "before").Happen("ann", EventTypes.View, Now, "last");

        var items = shop.DecideOne("ann", "p").Items;
        Assert.Equal(["x", "y", "z"], items.Select(item => item.Item.Id));
        Assert.Equal(["next:last", "next:last", "next:before"], items.Select(item => item.Reason));
        Assert.Equal([0.75, 0.3, 0.05], items.Select(item => Math.Round(item.Score, 12)));
    }

    [Theory]
    [InlineData("", "B,C,D")]
    [InlineData("\"excludeSeen\": true,", "B,C,D")]
    [InlineData("\"excludeSeen\": false,", "A,B,C,D")]
    public void Items_seen_lately_are_left_out_unless_they_are_wanted(string option, string expected)
    {
        var shop = Configured($$"""{"recommend": { {{option}} "strategies": ["popular"]}, "output": "items"}""").Stock("A", "B", "C", "D");
        shop.Happen("ann", EventTypes.View, Now, "A");

        Assert.Equal(expected, string.Join(',', Items(shop, "ann").Select(item => item.Id)));
    }

    [Fact]
    public void What_the_filter_refuses_or_nobody_can_buy_is_left_out()
    {
        var shop = Configured("""{"recommend": {"filter": {"price": {"$lt": 20}, "attributes.color": {"$ne": "red"}}}, "output": "items"}""").Stock(
            new Item { Id = "cheap", Price = 10 },
            new Item { Id = "dear", Price = 20 },
            new Item { Id = "sold out", Price = 10, Stock = 0 },
            new Item { Id = "few left", Price = 10, Stock = 1 },
            new Item { Id = "red", Price = 10, Attributes = new Dictionary<string, AttributeValue> { ["color"] = AttributeValue.From("red") } });

        Assert.Equal(["cheap", "few left"], Items(shop, "ann").Select(item => item.Id));
    }

    [Fact]
    public void Of_candidates_only_they_are_chosen_the_rest_in_the_callers_order()
    {
        var shop = Configured("""{"recommend": {"strategies": ["trending"], "limit": 10}, "output": "items"}""").Stock("A", "B", "C", "D", "E", "F");
        Teach(shop);
        var decision = shop.Decide(new DecisionRequest
        {
            AnonymousId = "stranger",
            Candidates = new Dictionary<string, IReadOnlyList<string>> { ["p"] = ["F", "unheard of", "E", "D", "F"], ["other"] = ["A"] },
        });

        Assert.Equal([("D", "trending"), ("F", "candidate"), ("E", "candidate")],
            decision.Placements[0].Items.Select(item => (item.Item.Id, item.Reason)));
    }

    [Fact]
    public void No_candidates_are_none()
    {
        var shop = Configured("""{"recommend": {}, "output": "items"}""").Stock("A");
        var decision = shop.Decide(new DecisionRequest
        {
            AnonymousId = "ann",
            Candidates = new Dictionary<string, IReadOnlyList<string>> { ["p"] = [] },
        });

        Assert.Equal(DecisionReason.NoCandidates, decision.Placements[0].Reason);
    }

    [Theory]
    [InlineData(null, 8)]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(int.MaxValue, 100)]
    public void The_caller_may_ask_for_1_to_100_items_and_gets_8_otherwise(int? limit, int expected)
    {
        var shop = Configured("""{"recommend": {}, "output": "items"}""").Stock([.. Enumerable.Range(0, 150).Select(i => $"i{i}")]);

        var decision = shop.Decide(new DecisionRequest { AnonymousId = "ann", Limit = limit });

        Assert.Equal(expected, decision.Placements[0].Items.Count);
        Assert.Equal(expected, decision.Placements[0].Items.Select(item => item.Item.Id).Distinct().Count());
    }

    [Fact]
    public void A_click_is_seen_by_the_next_decision()
    {
        var shop = Configured("""{"recommend": {"strategies": ["next"]}, "output": "items"}""").Stock("A", "B", "C", "D", "E", "F", "gone");
        Teach(shop);

        Assert.Equal(DecisionReason.NoCandidates, shop.DecideOne("ann", "p").Reason);
        shop.Happen("ann", EventTypes.Click, Now, "A");
        Assert.Equal([("B", "next:A"), ("C", "next:A")], Items(shop, "ann"));
    }

    /// <summary>From A twice to B and once to C, all a month ago as E, which was bought; D now; something no longer sold too.</summary>
    private static void Teach(Shop shop)
    {
        var then = Now - (30 * 86_400_000L);
        shop.Happen("p1", EventTypes.View, then, "A").Happen("p1", EventTypes.View, then, "B");
        shop.Happen("p2", EventTypes.View, then, "A").Happen("p2", EventTypes.View, then, "B");
        shop.Happen("p3", EventTypes.View, then, "A").Happen("p3", EventTypes.View, then, "C");
        shop.Happen("p3", EventTypes.View, then, "A").Happen("p3", EventTypes.View, then, "not in the catalog");
        for (var i = 0; i < 20; i++)
        {
            shop.Happen($"buyer{i}", EventTypes.Purchase, then, "E");
        }

        shop.Happen("p4", EventTypes.View, Now, "D").Learn();
    }

    private static Shop Configured(string experience) =>
        new Shop().Put($$"""{"experiences": {"e": {{experience}} }, "placements": {"p": {"experiences": [{"id": "e"}]} } }""");

    private static (string Id, string Reason)[] Items(Shop shop, string person) =>
        [.. shop.DecideOne(person, "p").Items.Select(item => (item.Item.Id, item.Reason))];

    private static (DecisionReason, string?, int) Facts(PlacementDecision placement) => (placement.Reason, placement.Experience?.Id, placement.Items.Count);
}
