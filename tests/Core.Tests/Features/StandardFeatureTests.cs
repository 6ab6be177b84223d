using Personalization.Core.Conditions;
using Personalization.Core.Features;
using Personalization.Core.Tests.Decisions;

namespace Personalization.Core.Tests.Features;

/// <summary>Every number here was worked out by hand from the definition in the family's description.</summary>
public sealed class StandardFeatureTests
{
    private const long Now = Shop.Now;
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    private static readonly double Never = 36_525;

    [Fact]
    public void Nobody_has_the_default_of_every_feature()
    {
        var shop = new Shop();
        foreach (var family in shop.State.Plan.Features.Families
            .Where(family => family.Pattern.Parameters.Count == 0 && family.Source == FeatureSource.Profile))
        {
            Assert.Equal(family.Default, shop.Feature("nobody", family.Pattern.ToString(), Now));
        }

        Assert.Equal(1 / 20.0, shop.Feature("nobody", "rate.purchase.per.view.30d", Now).Number);
        Assert.Equal(1, shop.Feature("nobody", "trend.view.1d.30d", Now).Number);
        Assert.Equal(Never * 1440, shop.Feature("nobody", "recency.view.minutes", Now).Number);
    }

    [Fact]
    public void A_rate_is_drawn_towards_one_in_twenty()
    {
        var shop = new Shop();
        for (var i = 0; i < 30; i++)
        {
            shop.Happen("ann", "view", Now - Hour + i);
        }

        shop.Happen("ann", "purchase", Now - Hour).Happen("ann", "purchase", Now - Hour + 1);

        Assert.Equal(3 / 50.0, shop.Feature("ann", "rate.purchase.per.view.1d", Now).Number);
        Assert.Equal(3 / 50.0, shop.Feature("ann", "rate.purchase.per.view.total", Now).Number);

        // More views than purchases, asked the other way round: each trial succeeds, and no rate is above 1.
        Assert.Equal(31 / 50.0, shop.Feature("ann", "rate.view.per.purchase.1d", Now).Number);
    }

    [Fact]
    public void A_trend_compares_what_happened_with_what_the_long_window_leads_to_expect()
    {
        var shop = new Shop();
        for (var day = 1; day <= 29; day++)
        {
            shop.Happen("ann", "view", Now - (day * Day));
        }

        for (var i = 0; i < 7; i++)
        {
            shop.Happen("ann", "view", Now - Hour);
        }

        // 36 views in 30 days: 1.2 a day, and today there were 7. The view of just a day ago is in the pane that the day leaves out.
        Assert.Equal((7 + 1) / (1.2 + 1), shop.Feature("ann", "trend.view.1d.30d", Now).Number, 12);
        Assert.Null(shop.State.Plan.Features.Find("trend.view.1d.1h", out var problem));
        Assert.Contains("1d is not shorter than 1h", problem);
    }

    [Fact]
    public void Recency_is_that_of_the_latest_event_whatever_came_late()
    {
        var shop = new Shop().Happen("ann", "view", Now - (3 * Day)).Happen("ann", "view", Now - (5 * Day));

        Assert.Equal(3, shop.Feature("ann", "recency.view.days", Now).Number);
        Assert.Equal(3 * 1440, shop.Feature("ann", "recency.view.minutes", Now).Number);
        Assert.Equal(Never, shop.Feature("ann", "recency.click.days", Now).Number);
    }

    [Fact]
    public void The_last_visit_is_the_one_before_this_one()
    {
        var shop = new Shop().Happen("ann", "view", Now - (10 * Day)).Happen("ann", "view", Now - (10 * Day) + (20 * Minute));
        Assert.Equal(10 - (20 / 1440.0), shop.Feature("ann", "visit.daysSinceLast", Now).Number, 9);

        // Now the running session is not the last visit, and the one of ten days ago still is.
        shop.Happen("ann", "view", Now - Minute);
        Assert.Equal(10 - (20 / 1440.0), shop.Feature("ann", "visit.daysSinceLast", Now).Number, 9);
        Assert.Equal((10 * 1440) - 20, shop.Feature("ann", "visit.minutesSinceLast", Now).Number, 6);
    }

    [Fact]
    public void Different_items_and_categories_are_counted_by_when_they_drew_interest_last()
    {
        var shop = new Shop()
            .Happen("ann", "view", Now - (2 * Day), "boot", "shoes")
            .Happen("ann", "view", Now - (2 * Hour), "radio", "electronics")
            .Happen("ann", "view", Now - Minute, "phone", "electronics")
            .Happen("ann", "view", Now - Minute, "phone", "electronics");

        Assert.Equal([3, 2, 1], new[] { "30d", "1d", "1h" }.Select(window => shop.Feature("ann", $"distinct.items.{window}", Now).Number));
        Assert.Equal([2, 1, 1], new[] { "30d", "1d", "1h" }.Select(window => shop.Feature("ann", $"distinct.categories.{window}", Now).Number));
    }

    [Fact]
    public void A_session_tells_how_deep_it_went_and_a_new_one_starts_from_nothing()
    {
        var shop = new Shop()
            .Happen("ann", "search", Now - (20 * Minute))
            .Happen("ann", "view", Now - (15 * Minute), "a")
            .Happen("ann", "click", Now - (12 * Minute), "b")
            .Happen("ann", "add_to_cart", Now - (10 * Minute), "b");

        Assert.Equal(
            [1, 2, 1, 0, 10, 20],
            new[] { "searches", "views", "cartAdds", "purchases", "dwellMinutes", "minutes" }
                .Select(name => shop.Feature("ann", $"session.{name}", Now).Number));
        Assert.True(shop.Feature("ann", "signals.high_intent_search", Now).Boolean);
        Assert.False(shop.Feature("ann", "signals.abandoned_cart", Now).Boolean);

        // Half an hour later the visit is over, with something left in the cart.
        Assert.Equal(0, shop.Feature("ann", "session.views", Now + (30 * Minute)).Number);
        Assert.True(shop.Feature("ann", "signals.abandoned_cart", Now + (30 * Minute)).Boolean);
        Assert.False(shop.Feature("ann", "signals.high_intent_search", Now + (30 * Minute)).Boolean);

        shop.Happen("ann", "purchase", Now + Hour, "b");
        Assert.Equal(0, shop.Feature("ann", "session.views", Now + Hour).Number);
        Assert.Equal(1, shop.Feature("ann", "session.purchases", Now + Hour).Number);
        Assert.False(shop.Feature("ann", "signals.abandoned_cart", Now + (2 * Hour)).Boolean);
    }

    [Fact]
    public void Revenue_is_price_times_quantity_and_leaves_its_windows()
    {
        var shop = new Shop()
            .Trade("ann", "purchase", Now - (40 * Day), 10)
            .Trade("ann", "purchase", Now - (3 * Day), 19.99, 3)
            .Trade("ann", "purchase", Now - Hour, 5.5, 2)
            .Trade("ann", "add_to_cart", Now - Minute, 1000);

        Assert.Equal(11, shop.Feature("ann", "revenue.1d", Now).Number);
        Assert.Equal(70.97, shop.Feature("ann", "revenue.30d", Now).Number);
        Assert.Equal(80.97, shop.Feature("ann", "revenue.total", Now).Number);
        Assert.Equal(0, shop.Feature("ann", "revenue.30d", Now + (40 * Day)).Number);
        Assert.Equal(3, shop.Feature("ann", "orders.count", Now).Number);
        Assert.Equal(80.97 / 3, shop.Feature("ann", "orders.averageValue", Now).Number);
    }

    [Fact]
    public void Things_bought_within_half_an_hour_are_one_order()
    {
        var shop = new Shop()
            .Trade("ann", "purchase", Now - (2 * Hour), 10)
            .Trade("ann", "purchase", Now - (2 * Hour) + (20 * Minute), 10)
            .Trade("ann", "purchase", Now - Hour, 10);

        Assert.Equal(2, shop.Feature("ann", "orders.count", Now).Number);
    }

    [Fact]
    public void Price_sensitivity_compares_what_is_chosen_with_what_is_looked_at()
    {
        var shop = new Shop().Trade("ann", "view", Now, 50).Trade("ann", "view", Now, 200);
        Assert.Equal(100, shop.Feature("ann", "price.viewed", Now).Number, 1);
        Assert.Equal(0.5, shop.Feature("ann", "price.sensitivity", Now).Number);

        // Four choices at half the price they look at: ln r = ln(1/2) × 4 / 6, so r² = 2^(-4/3).
        for (var i = 0; i < 4; i++)
        {
            shop.Trade("ann", "add_to_cart", Now, 50);
        }

        Assert.Equal(1 / (1 + Math.Pow(2, -4 / 3.0)), shop.Feature("ann", "price.sensitivity", Now).Number, 3);
        Assert.True(shop.Feature("ann", "signals.price_sensitive", Now).Boolean);
        Assert.Equal(AttributeKind.Missing, shop.Feature("nobody", "price.chosen", Now).Kind);
    }

    [Fact]
    public void Recency_frequency_and_money_are_scored_by_their_bounds()
    {
        var shop = new Shop()
            .Trade("ann", "purchase", Now - (20 * Day), 300)
            .Trade("ann", "purchase", Now - (13 * Day), 160)
            .Trade("bob", "purchase", Now - (400 * Day), 20)
            .Trade("cid", "purchase", Now - (13 * Day) - Hour, 5000);

        // 13 days or fewer score 5; two orders are more than one and not more than two; 460 is more than 236 and not more than 460.
        Assert.Equal(522, shop.Feature("ann", "rfm.score", Now).Number);
        Assert.Equal(111, shop.Feature("bob", "rfm.score", Now).Number);
        Assert.Equal(415, shop.Feature("cid", "rfm.score", Now).Number);
        Assert.Equal(0, shop.Feature("nobody", "rfm.score", Now).Number);
        Assert.Equal((13, 2, 460), (
            shop.Feature("ann", "rfm.recencyDays", Now).Number, shop.Feature("ann", "rfm.frequency", Now).Number, shop.Feature("ann", "rfm.monetary", Now).Number));
    }

    [Fact]
    public void A_life_goes_through_its_stages()
    {
        var shop = new Shop().Happen("ann", "view", Now);
        string Stage(double days) => shop.Feature("ann", "lifecycle.stage", Now + (long)(days * Day)).Text;

        Assert.Equal(["new", "new", "active", "active", "lapsing", "lapsing", "churned"], new[] { 0, 7, 7.1, 29, 30, 89, 90 }.Select(Stage));

        shop.Happen("ann", "view", Now + (100 * Day));
        Assert.Equal(["returned", "returned", "lapsing"], new[] { 100.0, 110, 130 }.Select(Stage));

        shop.Happen("ann", "view", Now + (105 * Day));
        Assert.Equal("active", Stage(105));
    }

    [Fact]
    public void Interest_must_be_strong_and_of_today()
    {
        var shop = new Shop()
            .Happen("ann", "view", Now, "a", "electronics")
            .Happen("ann", "view", Now, "b", "electronics")
            .Happen("ann", "view", Now, "c", "books");

        Assert.True(shop.Feature("ann", "signals.interested_in.electronics", Now).Boolean);
        Assert.False(shop.Feature("ann", "signals.interested_in.books", Now).Boolean);
        Assert.False(shop.Feature("ann", "signals.interested_in.garden", Now).Boolean);

        // A week later two clicks are worth one.
        Assert.False(shop.Feature("ann", "signals.interested_in.electronics", Now + (7 * Day)).Boolean);
    }
}
