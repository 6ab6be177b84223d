using Orleans.Concurrency;

namespace Personalization.Grains.Learning;

/// <summary>What was learned of a part of the items, merged from everywhere. The key is the number of the part.</summary>
[Alias("pz.learning-shard")]
public interface ILearningShardGrain : IGrainWithIntegerKey
{
    /// <summary>Takes in what one process learned (<see cref="Core.Recommend.LearningDelta.Split"/>).</summary>
    [Alias("merge")]
    ValueTask MergeAsync([Immutable] byte[] delta);

    /// <summary>Gives the items that changed after a version.</summary>
    [Alias("read-since")]
    [ReadOnly]
    ValueTask<LearnedItems> ReadSinceAsync(LearningVersion version);
}
