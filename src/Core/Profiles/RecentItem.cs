namespace Personalization.Core.Profiles;

/// <summary>An item a person took interest in.</summary>
/// <param name="Item">The item's number in the <see cref="Vocabulary"/>.</param>
/// <param name="At">When last, in seconds since the Unix epoch.</param>
public readonly record struct RecentItem(int Item, uint At);
