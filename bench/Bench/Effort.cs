namespace Personalization.Bench;

/// <summary>How long and how large a run is.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Rounds">How many times each A/B pair is measured.</param>
/// <param name="Seconds">How long one load of a round lasts.</param>
/// <param name="StoredProfiles">How many profiles the store of a restart has, and the largest number that is kept hot.</param>
/// <param name="MeasuredProfiles">How many profiles are weighed.</param>
internal sealed record Effort(string Name, int Rounds, int Seconds, int StoredProfiles, int MeasuredProfiles)
{
    public static readonly Effort Full = new("full", 5, 5, 1_000_000, 200_000);
    public static readonly Effort Quick = new("quick", 3, 2, 100_000, 20_000);

    public bool IsQuick => this == Quick;
}
