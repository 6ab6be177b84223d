using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>The visitor's device and country, as the door saw them.</summary>
internal static class ClientFeatures
{
    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        Device("device.type", "`phone`, `tablet`, `desktop`, `tv`, `bot` or `other`, by the user agent.", agent => AttributeValue.From(agent.DeviceType)),
        Device("device.browser", "The browser's family as uap-core names it: `Chrome Mobile`, `Mobile Safari`, `Firefox`; `Other`.", agent =>
            AttributeValue.From(agent.Browser)),
        Device("device.os", "The operating system's family as uap-core names it: `Android`, `iOS`, `Windows`, `Mac OS X`; `Other`.", agent =>
            AttributeValue.From(agent.System)),
        Device("device.browserVersion", "The browser's major version; missing where it tells none.", agent =>
            agent.BrowserVersion < 0 ? AttributeValue.Missing : AttributeValue.From((double)agent.BrowserVersion)) with
        {
            Type = FeatureType.Number,
        },
        new("geo.country", FeatureType.Text, "The country of the visitor's address, as ISO 3166-1 tells it: `DE`. Missing without a geo database.", context =>
            context.Request.Client?.Country is { } country ? AttributeValue.From(country) : AttributeValue.Missing)
        {
            Source = FeatureSource.Request,
        },
    ];

    private static FeatureFamily Device(string name, string description, Func<UserAgent, AttributeValue> read) =>
        new(name, FeatureType.Text, description, context =>
            context.Request.Client is { } client ? read(client.UserAgent) : AttributeValue.Missing)
        {
            Source = FeatureSource.Request,
        };
}
