namespace Personalization.Core.Decisions;

/// <summary>One item that was shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">How strongly it was recommended.</param>
/// <param name="Strategy">Which strategy proposed it.</param>
/// <param name="Because">The id of the item it follows, if it follows one.</param>
public sealed record ItemRecord(string Id, double Score, RecommendStrategy Strategy, string? Because);
