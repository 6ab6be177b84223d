namespace Personalization.Core.Decisions;

/// <summary>A way to propose items. An experience names several, and each fills what the ones before it left.</summary>
public enum RecommendStrategy : byte
{
    /// <summary>Where people go from the items this person took interest in last.</summary>
    Next,

    /// <summary>What draws more interest than usual in the last hours.</summary>
    Trending,

    /// <summary>What draws most interest.</summary>
    Popular,

    /// <summary>The caller's candidates in the caller's order; never configured, always last.</summary>
    Candidate,
}
