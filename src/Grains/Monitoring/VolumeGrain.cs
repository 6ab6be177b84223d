using Personalization.Core.Monitoring;

namespace Personalization.Grains.Monitoring;

/// <summary>Adds up what the processes counted and has every minute that is over judged. What is usual is learned anew where it moves to another silo.</summary>
internal sealed partial class VolumeGrain(TimeProvider time, ILogger<VolumeGrain> logger) : Grain, IVolumeGrain
{
    private readonly VolumeMonitor _monitor = new();

    public ValueTask<long> ReportAsync(Dictionary<string, long> counts)
    {
        foreach (var alert in _monitor.Observe(counts, time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            LogAlert(alert.Type, alert.Kind, alert.Observed, alert.Expected, alert.Z);
        }

        return new(_monitor.Raised);
    }

    public ValueTask<AlertRecord[]> ReadAsync() => new([.. _monitor.Alerts.Select(AlertRecord.Of)]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The volume of {Type} events changed suddenly ({Kind}): {Observed} in a minute, {Expected:0.#} expected, z = {Z:0.#}.")]
    private partial void LogAlert(string type, AlertKind kind, long observed, double expected, double z);
}
