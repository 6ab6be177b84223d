namespace Personalization.Grains.Learning;

/// <summary>How far a reader has followed a shard.</summary>
/// <param name="Activation">Which life of the shard; versions of another life mean nothing.</param>
/// <param name="Number">The number of merges in that life.</param>
[GenerateSerializer]
[Immutable]
[Alias("pz.learning-version")]
public readonly record struct LearningVersion([property: Id(0)] Guid Activation, [property: Id(1)] long Number);
