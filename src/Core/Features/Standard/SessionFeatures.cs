using Personalization.Core.Conditions;
using Personalization.Core.Profiles;

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
        Count("session.views", "items", "How many items were viewed or clicked in the running session.", counts => counts.Views),
        Count("session.searches", "searches", "How many searches were made in the running session.", counts => counts.Searches),
        Count("session.cartAdds", "items", "How often something was put into the cart in the running session.", counts => counts.CartAdds),
        Count("session.purchases", "items", "How often something was bought in the running session.", counts => counts.Purchases),
        new("session.dwellMinutes", FeatureType.Number, "How long the running session has lasted, up to its latest event.", context =>
            AttributeValue.From(context.Profile.SessionAt(context.Now) is { } session ? (session.LastActiveAt - session.StartedAt) / 60_000.0 : 0))
        {
            Unit = "minutes",
            Default = AttributeValue.From(0),
        },
        new("session.minutes", FeatureType.Number, "How long the running session has lasted, up to now.", context =>
            AttributeValue.From(context.Profile.SessionAt(context.Now) is { } session ? (context.Now - session.StartedAt) / 60_000.0 : 0))
        {
            Unit = "minutes",
            Default = AttributeValue.From(0),
        },
    ];

    private static FeatureFamily Count(string name, string unit, string description, Func<SessionCounts, ushort> read) =>
        new(name, FeatureType.Number, description, context => AttributeValue.From((double)read(context.Profile.SessionCountsAt(context.Now))))
        {
            Unit = unit,
            Default = AttributeValue.From(0),
        };
}
