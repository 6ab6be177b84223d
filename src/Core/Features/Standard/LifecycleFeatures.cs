using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>The stage of a customer's life.</summary>
internal static class LifecycleFeatures
{
    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new(
            "lifecycle.stage",
            [],
            FeatureType.Text,
            "`churned`: not here for 90 days; `lapsing`: for 30; `returned`: this visit, or the last, ended an absence of 30 days; `new`: first here "
            + "within 7 days, also a stranger; `active`: everybody else. The first that fits. The days are settings. "
            + "The stages are those of growth accounting (new, retained, resurrected, churned).",
            binding =>
            {
                var bounds = binding.Registry.Settings.Lifecycle;
                return context => AttributeValue.From(Stage(context, bounds));
            })
        {
            Default = AttributeValue.From("new"),
        },
    ];

    private static string Stage(DecisionContext context, LifecycleBounds bounds)
    {
        var profile = context.Profile;
        if (!profile.IsKnown)
        {
            return "new";
        }

        var absent = RecencyFeatures.Days(profile.LastSeen, context.Now);
        return absent >= bounds.Churned ? "churned"
            : absent >= bounds.Lapsing ? "lapsing"
            : profile.PreviousVisit > 0 && RecencyFeatures.Days(profile.PreviousVisit, profile.LastVisitStart) >= bounds.Lapsing ? "returned"
            : RecencyFeatures.Days(profile.FirstSeen, context.Now) <= bounds.New ? "new"
            : "active";
    }
}
