namespace Personalization.Grains.Profiles;

/// <summary>What folding a slice did.</summary>
/// <param name="Steps">By event, what models may learn from it.</param>
/// <param name="Owners">
/// By event, the login that it belongs to and is to be brought to, or null where it was folded; null as a whole where all were. What is
/// said here holds for good.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("pz.folded-slice")]
public sealed record FoldedSlice([property: Id(0)] FoldedStep[] Steps, [property: Id(1)] string?[]? Owners);
