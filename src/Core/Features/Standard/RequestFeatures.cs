using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>What the page says with its question. It is about the page, so no purpose of the person's data is served.</summary>
internal static class RequestFeatures
{
    private static readonly FeatureParameter Path = new("path", "the path of a member, of whatever depth");

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        Page("page.url", "The address of the page that asks.", page => page.Url),
        Page("page.path", "Its path, without query and fragment.", page => page.Path),
        Page("page.referrer", "The address of the page before it.", page => page.Referrer),
        Page("page.title", "Its title.", page => page.Title),
        new("context.<path>", [Path], FeatureType.Any, "What the page sent as `context`.", Context)
        {
            Purposes = Purposes.None,
            Source = FeatureSource.Request,
        },
    ];

    private static FeatureFamily Page(string name, string description, Func<PageContext, string?> read) =>
        new(name, FeatureType.Text, description, context =>
            context.Request.Page is { } page && read(page) is { } text ? AttributeValue.From(text) : AttributeValue.Missing)
        {
            Purposes = Purposes.None,
            Source = FeatureSource.Request,
        };

    private static AttributeReader<DecisionContext> Context(FeatureBinding binding)
    {
        var members = binding[0].Split('.');
        return context =>
        {
            var value = context.Request.Context;
            foreach (var member in members)
            {
                value = value.Member(member);
            }

            return value;
        };
    }
}
