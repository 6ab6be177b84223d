namespace Personalization.Grains.Learning;

/// <summary>Items that changed, as they are now.</summary>
/// <param name="Version">What to ask with next time.</param>
/// <param name="Items">The items' ids.</param>
/// <param name="States">Their statistics, as <see cref="Core.Recommend.ItemStatistics.Write"/> writes them.</param>
[GenerateSerializer]
[Immutable]
[Alias("pz.learned-items")]
public sealed record LearnedItems([property: Id(0)] LearningVersion Version, [property: Id(1)] string[] Items, [property: Id(2)] byte[][] States);
