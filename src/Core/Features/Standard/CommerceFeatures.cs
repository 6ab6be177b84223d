using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Profiles;

namespace Personalization.Core.Features;

/// <summary>What a person bought and at which prices.</summary>
internal static class CommerceFeatures
{
    // As many choices at the usual price are assumed, so that a single bargain makes nobody a bargain hunter.
    private const double PricePrior = 2;

    private static readonly FeatureParameter RevenueWindow = new("window", "the time up to now that counts, or all time")
    {
        Choices = [.. RevenuePanes.Windows.Select(window => Window.All[window].Name), FeatureParameters.Total],
    };

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new(
            "revenue.<window>",
            [RevenueWindow],
            FeatureType.Number,
            "The sum of price × quantity of the purchases; an event without a price has the catalog's. A window's error is below one pane (1 h, 1 d).",
            Revenue)
        {
            Unit = "currency",
            Default = AttributeValue.From(0),
        },
        new(
            "orders.count",
            FeatureType.Number,
            "How many orders there were. Purchases less than 30 minutes after the last one belong to its order.",
            context => AttributeValue.From((double)context.Profile.Commerce.Orders))
        {
            Unit = "orders",
            Default = AttributeValue.From(0),
        },
        new("orders.averageValue", FeatureType.Number, "Revenue for each order; 0 without any.", context =>
            AttributeValue.From(context.Profile.Commerce is { Orders: > 0 } commerce ? commerce.Revenue / commerce.Orders : 0))
        {
            Unit = "currency",
            Default = AttributeValue.From(0),
        },
        new("price.viewed", FeatureType.Number, "The geometric mean of the prices looked at; missing without any.", context =>
            Price(context.Profile.Commerce.ViewedPrice))
        {
            Unit = "currency",
        },
        new("price.chosen", FeatureType.Number, "The geometric mean of the prices put into the cart or bought; missing without any.", context =>
            Price(context.Profile.Commerce.ChosenPrice))
        {
            Unit = "currency",
        },
        new(
            "price.sensitivity",
            FeatureType.Number,
            "How much the person prefers the cheap among what they look at, 0 to 1: 1 / (1 + r²), where r is the geometric mean of the prices chosen over that "
            + "of the prices viewed, drawn towards 1 by two choices at the usual price. 0.5 is no preference, 0.8 choosing at half the price. Own definition.",
            context => AttributeValue.From(Sensitivity(context.Profile.Commerce)))
        {
            Unit = "share",
            Default = AttributeValue.From(0.5),
        },
    ];

    /// <summary>Measures price sensitivity, 0 to 1.</summary>
    public static double Sensitivity(in Commerce commerce)
    {
        if (commerce.Viewed == 0 || commerce.Chosen == 0)
        {
            return 0.5;
        }

        var logRatio = Math.Log(commerce.ChosenPrice / commerce.ViewedPrice) * commerce.Chosen / (commerce.Chosen + PricePrior);
        return 1 / (1 + Math.Exp(2 * logRatio));
    }

    private static AttributeReader<DecisionContext> Revenue(FeatureBinding binding)
    {
        var window = binding.Window(0);
        return window < 0
            ? context => AttributeValue.From(context.Profile.Commerce.Revenue)
            : context => AttributeValue.From(context.Profile.Commerce.RevenueIn(window, context.Now));
    }

    private static AttributeValue Price(double price) => double.IsNaN(price) ? AttributeValue.Missing : AttributeValue.From(price);
}
