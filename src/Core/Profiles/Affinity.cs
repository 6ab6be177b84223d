namespace Personalization.Core.Profiles;

/// <summary>Interest in one category or brand.</summary>
/// <param name="Symbol">The category's or brand's number in the <see cref="Vocabulary"/>.</param>
/// <param name="Value">The decayed sum of interest at <paramref name="At"/>.</param>
/// <param name="At">When, in seconds since the Unix epoch.</param>
internal readonly record struct Affinity(int Symbol, double Value, uint At)
{
    public double ValueAt(uint now) => Value * AffinitySet.Decay((double)now - At);
}
