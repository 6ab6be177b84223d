using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Monitoring;

namespace Personalization.Grains.Monitoring;

/// <summary>What this process has counted of arriving events and not told the cluster yet.</summary>
public sealed class SharedVolumes(IGrainFactory grains)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ArrivalCounts _arrivals = new();
    private long _raised;

    /// <summary>Gets how many alerts the cluster has raised, as of the last exchange.</summary>
    public long Raised => Volatile.Read(ref _raised);

    /// <summary>Counts events. Any thread.</summary>
    public void Count(IReadOnlyList<Event> events) => _arrivals.Add(events);

    /// <summary>Tells the cluster what was counted here. One caller at a time.</summary>
    public async Task ExchangeAsync()
    {
        var counts = _arrivals.Take();
        try
        {
            Volatile.Write(ref _raised, await grains.GetGrain<IVolumeGrain>(0).ReportAsync(new Dictionary<string, long>(counts)));
        }
        catch
        {
            // Told late is better than never: half of the events missing would be an alert of its own.
            _arrivals.Return(counts);
            throw;
        }
    }

    /// <summary>Reads the alerts.</summary>
    /// <exception cref="UnavailableException">The cluster can't be asked now.</exception>
    public async Task<IReadOnlyList<Alert>> ReadAsync()
    {
        try
        {
            return [.. (await grains.GetGrain<IVolumeGrain>(0).ReadAsync()).Select(record => record.ToAlert())];
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            throw new UnavailableException("The alerts can't be read now.", RetryAfter, exception);
        }
    }
}
