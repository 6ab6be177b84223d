using Orleans.Concurrency;

namespace Personalization.Grains.Configuration;

/// <summary>The cluster's one configuration. Asked rarely: every process keeps a compiled copy. The key is 0.</summary>
[Alias("pz.configuration")]
public interface IConfigurationGrain : IGrainWithIntegerKey
{
    /// <summary>Applies a change (<see cref="Core.Configuration.ConfigurationCodec"/>), all or nothing, and stores it.</summary>
    [Alias("change")]
    ValueTask<ChangeReply> ChangeAsync([Immutable] byte[] change);

    /// <summary>Gives the whole configuration if it is not of a revision; else null.</summary>
    [Alias("read-unless")]
    [ReadOnly]
    ValueTask<byte[]?> ReadUnlessAsync(long revision);

    /// <summary>Tells an observer of every later revision, for a while.</summary>
    [Alias("watch")]
    ValueTask WatchAsync(IConfigurationObserver observer);
}
