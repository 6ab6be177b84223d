using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Profiles;

namespace Personalization.Core.Features;

/// <summary>How often events happened.</summary>
internal static class EventFeatures
{
    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new(
            "events.<type>.<window>",
            [FeatureParameters.EventType, FeatureParameters.WindowOrTotal],
            FeatureType.Number,
            "How often events of a type happened. A window's error is below one pane (5 s, 30 s, 5 min, 1 h, 1 d).",
            Count)
        {
            Unit = "events",
            Default = AttributeValue.From(0),
        },
    ];

    private static AttributeReader<DecisionContext> Count(FeatureBinding binding)
    {
        var type = binding[0];
        var window = binding.Window(1);
        return window < 0
            ? context => AttributeValue.From((double)context.Profile.Total(type))
            : context => AttributeValue.From((double)context.Profile.Count(type, window, context.Now));
    }
}
