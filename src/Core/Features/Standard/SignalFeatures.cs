using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Events;

namespace Personalization.Core.Features;

/// <summary>Signals: yes or no, drawn from several features, for what nearly every shop asks.</summary>
internal static class SignalFeatures
{
    private const double InterestShare = 0.25;
    private const double InterestValue = 2;
    private const int IntentViews = 3;
    private const double PriceSensitive = 0.65;
    private const int PriceChoices = 3;

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new(
            "signals.interested_in.<category>",
            [FeatureParameters.Category],
            FeatureType.Boolean,
            "Whether the person is drawn to a category now: a quarter of all their interest or more, and worth two clicks of today or more.",
            InterestedIn)
        {
            Default = AttributeValue.From(false),
        },
        Signal(
            "signals.high_intent_search",
            "Whether the person searches in order to buy: in this session a search, and after or before it three items looked at or one put into the cart, "
            + "and nothing bought yet.",
            context => context.Profile.SessionCountsAt(context.Now) is { Searches: > 0, Purchases: 0 } counts
                && (counts.Views >= IntentViews || counts.CartAdds > 0)),
        Signal(
            "signals.abandoned_cart",
            "Whether the person put something into the cart within 30 days, in a visit that is over, and has bought nothing since.",
            AbandonedCart),
        Signal(
            "signals.price_sensitive",
            "Whether price.sensitivity is 0.65 or more, after three choices or more.",
            context => context.Profile.Commerce is { Chosen: >= PriceChoices } commerce && CommerceFeatures.Sensitivity(commerce) >= PriceSensitive),
    ];

    private static FeatureFamily Signal(string name, string description, Predicate<DecisionContext> test) =>
        new(name, FeatureType.Boolean, description, context => AttributeValue.From(test(context)))
        {
            Default = AttributeValue.From(false),
        };

    private static AttributeReader<DecisionContext> InterestedIn(FeatureBinding binding)
    {
        var name = binding[0];
        return context => AttributeValue.From(
            context.Words.Find(name) is >= 0 and var symbol
            && context.Profile.Categories.Share(symbol, context.NowSeconds) >= InterestShare
            && context.Profile.Categories.Value(symbol, context.NowSeconds) >= InterestValue);
    }

    private static bool AbandonedCart(DecisionContext context)
    {
        var profile = context.Profile;
        var added = profile.LastAt(EventTypes.AddToCart);
        var isOver = profile.SessionAt(context.Now) is not { } session || added < session.StartedAt;
        return added > 0 && isOver && added > profile.LastAt(EventTypes.Purchase) && RecencyFeatures.Days(added, context.Now) <= 30;
    }
}
