namespace Personalization.Core.Recommend;

/// <summary>An item that people go to from another one.</summary>
/// <param name="Item">Its number in the <see cref="Vocabulary"/>.</param>
/// <param name="Probability">The decayed share of those who went on that went here, in (0, 1].</param>
public readonly record struct Successor(int Item, double Probability);
