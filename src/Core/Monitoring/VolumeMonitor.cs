namespace Personalization.Core.Monitoring;

/// <summary>Watches how many events of each type arrive, and raises an alert where that changes suddenly.</summary>
/// <remarks>Has no clock: counts come with the time. Not thread-safe. About 400 bytes for each type.</remarks>
public sealed class VolumeMonitor
{
    /// <summary>How many types are told apart; further ones are counted together as <see cref="OtherTypes"/>.</summary>
    public const int MostTypes = 256;

    /// <summary>The name under which types beyond <see cref="MostTypes"/> are counted.</summary>
    public const string OtherTypes = "$other";

    /// <summary>How many alerts are kept; the oldest go first.</summary>
    public const int MostAlerts = 1000;

    // A host that slept longer than this has forgotten what is usual.
    private const long MostMissedMinutes = 24 * 60;
    private const long MinuteMilliseconds = 60_000;

    private readonly Dictionary<string, Watched> _types = new(StringComparer.Ordinal);
    private readonly List<Alert> _alerts = [];
    private long _minute = -1;

    /// <summary>Gets the alerts, the newest first.</summary>
    public IReadOnlyList<Alert> Alerts => [.. _alerts.AsEnumerable().Reverse()];

    /// <summary>Gets how many alerts were ever raised.</summary>
    public long Raised { get; private set; }

    /// <summary>Takes counts of events that arrived up to now, and judges the minutes that are over by then.</summary>
    /// <param name="counts">By type, how many arrived since the last call.</param>
    /// <param name="now">The time, in milliseconds since the Unix epoch.</param>
    /// <returns>The alerts that were raised now.</returns>
    public IReadOnlyList<Alert> Observe(IReadOnlyDictionary<string, long> counts, long now)
    {
        var minute = now / MinuteMilliseconds;
        if (_minute < 0 || minute - _minute > MostMissedMinutes)
        {
            _types.Clear();
            _minute = minute;
        }

        List<Alert>? raised = null;
        for (; _minute < minute; _minute++)
        {
            Close(ref raised);
        }

        foreach (var (type, count) in counts)
        {
            Of(type).Count += count;
        }

        return (IReadOnlyList<Alert>?)raised ?? [];
    }

    private void Close(ref List<Alert>? raised)
    {
        var end = (_minute + 1) * MinuteMilliseconds;
        foreach (var (type, watched) in _types)
        {
            var count = watched.Count;
            watched.Count = 0;
            if (watched.Volume.Take(_minute, count, out var hasEnded) is var (kind, expected, z))
            {
                var alert = new Alert(++Raised, type, kind, end, null, count, expected, z);
                (raised ??= []).Add(alert);
                _alerts.Add(alert);
                if (_alerts.Count > MostAlerts)
                {
                    _alerts.RemoveAt(0);
                }
            }
            else if (hasEnded && _alerts.FindLastIndex(alert => alert.Type == type && alert.EndedAt is null) is >= 0 and var open)
            {
                _alerts[open] = _alerts[open] with { EndedAt = end };
            }
        }
    }

    private Watched Of(string type)
    {
        if (_types.TryGetValue(type, out var known))
        {
            return known;
        }

        if (_types.Count >= MostTypes - 1 && type != OtherTypes)
        {
            return Of(OtherTypes);
        }

        return _types[type] = new Watched();
    }

    private sealed class Watched
    {
        public TypeVolume Volume { get; } = new();

        public long Count { get; set; }
    }
}
