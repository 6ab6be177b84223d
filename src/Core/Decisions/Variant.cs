namespace Personalization.Core.Decisions;

/// <summary>One arm of an experiment.</summary>
/// <param name="Key">Its key, unique in the experiment.</param>
/// <param name="Symbol">The key's number in the <see cref="Vocabulary"/>.</param>
/// <param name="Weight">The share of people in the experiment who get it, in [0, 1].</param>
/// <param name="Experience">What it shows, or null for the control.</param>
public sealed record Variant(string Key, int Symbol, double Weight, Experience? Experience);
