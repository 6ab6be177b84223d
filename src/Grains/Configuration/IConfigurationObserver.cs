using Orleans.Concurrency;

namespace Personalization.Grains.Configuration;

/// <summary>A process that wants to know of new revisions at once. Only a hint: polling the revision is what can be relied on.</summary>
[Alias("pz.configuration-observer")]
public interface IConfigurationObserver : IGrainObserver
{
    /// <summary>There is a new revision.</summary>
    [OneWay]
    [Alias("changed")]
    Task ChangedAsync(long revision);
}
