namespace Personalization.Core.Decisions;

/// <summary>The names of reasons on the wire.</summary>
public static class ReasonNames
{
    /// <summary>Gives a placement's reason its name, in snake case.</summary>
    public static string Of(DecisionReason reason) => reason switch
    {
        DecisionReason.Experiment => "experiment",
        DecisionReason.Sticky => "sticky",
        DecisionReason.Audience => "audience",
        DecisionReason.Default => "default",
        DecisionReason.UnknownPlacement => "unknown_placement",
        DecisionReason.NoEligibleExperience => "no_eligible_experience",
        DecisionReason.ControlVariant => "control_variant",
        DecisionReason.EmptyCatalog => "empty_catalog",
        DecisionReason.NoCandidates => "no_candidates",
        DecisionReason.MissingTemplate => "missing_template",
        DecisionReason.Automated => "automated",
        _ => "failed",
    };

    /// <summary>Gives the strategy that proposed an item its name; an item that follows another adds a colon and that item's id.</summary>
    public static string Of(RecommendStrategy strategy) => strategy switch
    {
        RecommendStrategy.Next => "next",
        RecommendStrategy.Trending => "trending",
        RecommendStrategy.Popular => "popular",
        _ => "candidate",
    };
}
