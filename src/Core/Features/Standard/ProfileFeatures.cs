using Personalization.Core.Conditions;

namespace Personalization.Core.Features;

/// <summary>Whether and since when a person is known.</summary>
internal static class ProfileFeatures
{
    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new("profile.known", FeatureType.Boolean, "Whether anything is known of the person.", context =>
            AttributeValue.From(context.Profile.IsKnown))
        {
            Default = AttributeValue.From(false),
        },
        new("profile.sessions", FeatureType.Number, "How many sessions there were.", context =>
            AttributeValue.From((double)context.Profile.Sessions))
        {
            Unit = "sessions",
            Default = AttributeValue.From(0),
        },
        new("profile.ageDays", FeatureType.Number, "How long ago the earliest event happened.", context =>
            AttributeValue.From(context.Profile.IsKnown ? Math.Max(0, context.Now - context.Profile.FirstSeen) / 86_400_000.0 : 0))
        {
            Unit = "days",
            Default = AttributeValue.From(0),
        },
    ];
}
