namespace Personalization.Core.Recommend;

/// <summary>An item and the score that placed it.</summary>
/// <param name="Item">The item's number in the <see cref="Vocabulary"/>.</param>
/// <param name="Score">The score; its meaning is the ranking's.</param>
public readonly record struct RankedItem(int Item, double Score);
