namespace Personalization.Grains.Profiles;

/// <summary>What a stored profile must hold.</summary>
/// <param name="Through">The position up to which the person's own events were brought; 0 for none.</param>
/// <param name="Folded">The position of the last of them that was folded and not said to be another's; 0 for none.</param>
/// <param name="Sources">The devices whose events were brought to it.</param>
/// <param name="Positions">The position of each of <see cref="Sources"/>.</param>
/// <param name="Parcels">The devices whose parcels were brought to it.</param>
[GenerateSerializer]
[Immutable]
[Alias("pz.flush-goal")]
public sealed record FlushGoal(
    [property: Id(0)] long Through,
    [property: Id(1)] long Folded,
    [property: Id(2)] string[] Sources,
    [property: Id(3)] long[] Positions,
    [property: Id(4)] string[] Parcels);
