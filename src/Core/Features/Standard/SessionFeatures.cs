using Personalization.Core.Conditions;

namespace Personalization.Core.Features;

/// <summary>The running session, which 30 minutes of inactivity end.</summary>
internal static class SessionFeatures
{
    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new("session.active", FeatureType.Boolean, "Whether a session is running.", context =>
            AttributeValue.From(context.Profile.SessionAt(context.Now) is not null))
        {
            Default = AttributeValue.From(false),
        },
        new("session.number", FeatureType.Number, "Which of the person's sessions is running, from 1; 0 without one.", context =>
            AttributeValue.From((double)(context.Profile.SessionAt(context.Now)?.Number ?? 0)))
        {
            Default = AttributeValue.From(0),
        },
        new("session.events", FeatureType.Number, "How many events the running session has.", context =>
            AttributeValue.From((double)(context.Profile.SessionAt(context.Now)?.Events ?? 0)))
        {
            Unit = "events",
            Default = AttributeValue.From(0),
        },
        new("session.minutes", FeatureType.Number, "How long the running session has lasted, up to now.", context =>
            AttributeValue.From(context.Profile.SessionAt(context.Now) is { } session ? (context.Now - session.StartedAt) / 60_000.0 : 0))
        {
            Unit = "minutes",
            Default = AttributeValue.From(0),
        },
    ];
}
