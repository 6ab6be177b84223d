using Personalization.Core.Events;
using Personalization.Core.Monitoring;

namespace Personalization.Node.Monitoring;

/// <summary>Counts what arrives, and has every minute that is over judged.</summary>
internal sealed partial class VolumeWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ArrivalCounts _arrivals = new();
    private readonly VolumeMonitor _monitor = new();
    private readonly TimeProvider _time;
    private readonly ILogger<VolumeWatch> _logger;
    private readonly ITimer _timer;

    public VolumeWatch(TimeProvider time, ILogger<VolumeWatch> logger)
    {
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Gets the alerts, the newest first.</summary>
    public IReadOnlyList<Alert> Alerts
    {
        get
        {
            lock (_gate)
            {
                return _monitor.Alerts;
            }
        }
    }

    /// <summary>Gets how many alerts were raised since the start.</summary>
    public long Raised => Volatile.Read(ref _raised);

    private long _raised;

    /// <summary>Counts events.</summary>
    public void Count(IReadOnlyList<Event> events) => _arrivals.Add(events);

    /// <summary>Judges the minutes that are over.</summary>
    public void Look()
    {
        lock (_gate)
        {
            foreach (var alert in _monitor.Observe(_arrivals.Take(), _time.GetUtcNow().ToUnixTimeMilliseconds()))
            {
                LogAlert(alert.Type, alert.Kind, alert.Observed, alert.Expected, alert.Z);
            }

            Volatile.Write(ref _raised, _monitor.Raised);
        }
    }

    public void Dispose() => _timer.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The volume of {Type} events changed suddenly ({Kind}): {Observed} in a minute, {Expected:0.#} expected, z = {Z:0.#}.")]
    private partial void LogAlert(string type, AlertKind kind, long observed, double expected, double z);
}
