namespace Personalization.Cli.Http;

/// <summary>What to show a person.</summary>
internal sealed record DecideAnswer(string? DecisionId, IReadOnlyDictionary<string, PlacementAnswer>? Placements);

/// <summary>What to show in one placement.</summary>
internal sealed record PlacementAnswer(string? Experience, IReadOnlyList<RankedItem>? Items, string? Reason);

/// <summary>One item of a ranking, best first.</summary>
internal sealed record RankedItem(string Id);
