namespace Personalization.Cli.Simulate;

/// <summary>What one placement of a page shows.</summary>
/// <param name="DecisionId">The decision it came from.</param>
/// <param name="Placement">The placement.</param>
/// <param name="Experience">The experience that was chosen.</param>
/// <param name="Items">The ids of the items shown, best first; none where the placement changes something else.</param>
internal sealed record Offer(string DecisionId, string Placement, string Experience, IReadOnlyList<string> Items);
