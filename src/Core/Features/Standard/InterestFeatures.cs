using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Profiles;

namespace Personalization.Core.Features;

/// <summary>What draws a person: categories, brands, items.</summary>
internal static class InterestFeatures
{
    private const string ShareOf =
        "of all the person's interest, 0 to 1; half-life one week. A view or click counts 1, a cart 3, a purchase 5, other events 0.5.";

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new("affinity.category.<category>", [FeatureParameters.Category], FeatureType.Number, $"The category's share {ShareOf}", Category)
        {
            Unit = "share",
            Default = AttributeValue.From(0),
        },
        new("affinity.brand.<brand>", [FeatureParameters.Brand], FeatureType.Number, $"The brand's share {ShareOf}", Brand)
        {
            Unit = "share",
            Default = AttributeValue.From(0),
        },
        new("top.category", FeatureType.Text, "The category of the strongest interest.", context =>
            Word(context.Profile.Categories.Strongest(context.NowSeconds), context.Words)),
        new("top.brand", FeatureType.Text, "The brand of the strongest interest.", context =>
            Word(context.Profile.Brands.Strongest(context.NowSeconds), context.Words)),
        new("recent.item", FeatureType.Text, "The item of interest last.", context =>
            context.Profile.RecentItems is [var last, ..] ? AttributeValue.From(context.Words[last.Item]) : AttributeValue.Missing),
        new("recent.items", FeatureType.List, "The 20 items of interest last, newest first.", context =>
            AttributeValue.FromArray(Items(context.Profile.RecentItems, context.Words)))
        {
            Default = AttributeValue.FromArray([]),
        },
    ];

    private static AttributeReader<DecisionContext> Category(FeatureBinding binding)
    {
        // The name may be met only later, so its number is looked up at each reading.
        var name = binding[0];
        return context => AttributeValue.From(
            context.Words.Find(name) is >= 0 and var symbol ? context.Profile.Categories.Share(symbol, context.NowSeconds) : 0);
    }

    private static AttributeReader<DecisionContext> Brand(FeatureBinding binding)
    {
        var name = binding[0];
        return context => AttributeValue.From(
            context.Words.Find(name) is >= 0 and var symbol ? context.Profile.Brands.Share(symbol, context.NowSeconds) : 0);
    }

    private static AttributeValue Word(int symbol, Vocabulary words) =>
        symbol < 0 ? AttributeValue.Missing : AttributeValue.From(words[symbol]);

    private static AttributeValue[] Items(ReadOnlySpan<RecentItem> items, Vocabulary words)
    {
        var ids = new AttributeValue[items.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = AttributeValue.From(words[items[i].Item]);
        }

        return ids;
    }
}
