using Orleans.Concurrency;

namespace Personalization.Grains.Monitoring;

/// <summary>Watches the volume of events of the whole cluster. The key is 0.</summary>
[Alias("pz.volume")]
public interface IVolumeGrain : IGrainWithIntegerKey
{
    /// <summary>Takes what a process counted since it told last, and gives how many alerts were ever raised.</summary>
    [Alias("report")]
    ValueTask<long> ReportAsync([Immutable] Dictionary<string, long> counts);

    /// <summary>Gives the alerts, the newest first.</summary>
    [Alias("read")]
    [ReadOnly]
    ValueTask<AlertRecord[]> ReadAsync();
}
