using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>Recency, frequency, monetary value: raw, and as scores from 1 to 5.</summary>
internal static class RfmFeatures
{
    private const string Bounds =
        "1 to 5 by the bounds of the settings, whose defaults are the quintiles of UCI 352 \"Online Retail\" (after Hughes 1994); 0 without an order.";

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new("rfm.recencyDays", FeatureType.Number, $"Days since the last order; {RecencyFeatures.NeverDays} without any.", context =>
            AttributeValue.From(RecencyDays(context)))
        {
            Unit = "days",
            Default = AttributeValue.From(RecencyFeatures.NeverDays),
        },
        new("rfm.frequency", FeatureType.Number, "How many orders there were.", context =>
            AttributeValue.From((double)context.Profile.Commerce.Orders))
        {
            Unit = "orders",
            Default = AttributeValue.From(0),
        },
        new("rfm.monetary", FeatureType.Number, "The revenue of all orders.", context =>
            AttributeValue.From(context.Profile.Commerce.Revenue))
        {
            Unit = "currency",
            Default = AttributeValue.From(0),
        },
        Score("rfm.recencyScore", "Recency", Recency),
        Score("rfm.frequencyScore", "Frequency", Frequency),
        Score("rfm.monetaryScore", "Monetary value", Monetary),
        Score("rfm.score", "The three scores as digits, such as 543: each", (context, bounds) =>
            (100 * Recency(context, bounds)) + (10 * Frequency(context, bounds)) + Monetary(context, bounds)),
    ];

    private static double RecencyDays(DecisionContext context) => RecencyFeatures.Days(context.Profile.Commerce.LastOrder * 1000L, context.Now);

    private static int Recency(DecisionContext context, RfmBounds bounds) => 6 - RfmBounds.Score(RecencyDays(context), bounds.RecencyDays);

    private static int Frequency(DecisionContext context, RfmBounds bounds) => RfmBounds.Score(context.Profile.Commerce.Orders, bounds.Orders);

    private static int Monetary(DecisionContext context, RfmBounds bounds) => RfmBounds.Score(context.Profile.Commerce.Revenue, bounds.Revenue);

    private static FeatureFamily Score(string name, string what, Func<DecisionContext, RfmBounds, int> score) =>
        new(name, [], FeatureType.Number, $"{what} scored {Bounds}", binding =>
        {
            var bounds = binding.Registry.Settings.Rfm;
            return context => AttributeValue.From(context.Profile.Commerce.Orders == 0 ? 0 : (double)score(context, bounds));
        })
        {
            Unit = "score",
            Default = AttributeValue.From(0),
        };
}
