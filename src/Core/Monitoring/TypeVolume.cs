namespace Personalization.Core.Monitoring;

/// <summary>What is expected of one type's events, learned minute by minute.</summary>
/// <remarks>
/// Expected is λ = level · the hour's share. The level is an exponentially weighted mean with a memory of an hour (Roberts, Technometrics 1,
/// 1959), of counts over their hour's share; the shares are those of the last days. A count is judged by the negative binomial tail
/// with the dispersion seen so far, and that of the level itself, which is only estimated. What raises an alert moves the level little;
/// what lasts an hour is the new level.
/// </remarks>
internal sealed class TypeVolume
{
    /// <summary>How unlikely a minute must be, on its side: a type gives one false alarm in a year or so.</summary>
    private const double Unlikely = 1e-6;

    /// <summary>How many minutes are learned before any is judged.</summary>
    private const int WarmUp = 30;

    private const double Memory = 60;
    private const double DispersionMemory = 240;
    private const double HourMemory = 4;
    private const int MinutesToEnd = 5;
    private const int MinutesToAdopt = 60;
    private const double Floor = 0.02;

    private readonly double[] _share = [.. Enumerable.Repeat(1.0, 24)];
    private double _level;
    private double _dispersion = 0.02;
    private double _day;
    private double _hourSum;
    private int _hourMinutes;
    private long _minutes;
    private int _quiet;
    private int _loud;
    private double _loudSum;

    /// <summary>Gets whether an alert is open.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Takes a minute that is over.</summary>
    /// <param name="minute">Its number since the Unix epoch.</param>
    /// <param name="count">How many events it had.</param>
    /// <param name="hasEnded">Whether the open alert ends with it.</param>
    /// <returns>What was expected and how far off it is, where the minute raises an alert.</returns>
    public (AlertKind Kind, double Expected, double Z)? Take(long minute, long count, out bool hasEnded)
    {
        hasEnded = false;
        var share = ShareAt(minute);
        var expected = Math.Max(Floor, _level * share);
        var memory = Math.Min(Memory, _minutes + 1);
        var estimation = 1 / ((2 * memory) - 1);
        var dispersion = _dispersion + (estimation * ((1 / expected) + _dispersion));
        var deviation = Math.Sqrt(expected + (dispersion * expected * expected));
        (AlertKind, double, double)? raised = null;
        if (_minutes >= WarmUp)
        {
            var isUnlikely = CountTail.Of(count, expected, dispersion) < Unlikely;
            if (IsOpen)
            {
                hasEnded = Follow(count, share, isUnlikely);
            }
            else if (isUnlikely)
            {
                (IsOpen, _quiet, _loud, _loudSum) = (true, 0, 1, count);
                raised = (count > expected ? AlertKind.Surge : AlertKind.Drop, expected, (count - expected) / deviation);
            }
        }

        Learn(minute, count, share, expected, deviation, memory);
        return raised;
    }

    /// <summary>Says whether an open alert ends: after some minutes as expected, or when the new volume has lasted long enough to be what is expected.</summary>
    private bool Follow(long count, double share, bool isUnlikely)
    {
        _quiet = isUnlikely ? 0 : _quiet + 1;
        _loud++;
        _loudSum += count;
        if (_quiet < MinutesToEnd && _loud < MinutesToAdopt)
        {
            return false;
        }

        if (_quiet < MinutesToEnd)
        {
            // The days before were of another size, but of the same shape.
            var adopted = Math.Max(Floor, _loudSum / _loud / share);
            _day *= adopted / Math.Max(Floor, _level);
            _level = adopted;
        }

        IsOpen = false;
        return true;
    }

    private void Learn(long minute, long count, double share, double expected, double deviation, double memory)
    {
        // One wild minute must not become what is expected of the next.
        var taken = _minutes < WarmUp ? count : Math.Clamp(count, expected - (4 * deviation), expected + (4 * deviation));
        _level += ((taken / share) - _level) / memory;
        if (!IsOpen && _minutes >= WarmUp / 2 && expected >= 1)
        {
            var seen = (((taken - expected) * (taken - expected)) - expected) / (expected * expected);
            _dispersion = Math.Max(0, _dispersion + ((seen - _dispersion) / DispersionMemory));
        }

        _minutes++;
        LearnHour(minute, taken);
    }

    private void LearnHour(long minute, double taken)
    {
        // An hour with an alert in it is not like the same hour of other days.
        _hourSum += taken;
        _hourMinutes += IsOpen ? -60 : 1;
        if (minute % 60 != 59)
        {
            return;
        }

        var rate = _hourSum / 60;
        var wasWhole = _hourMinutes == 60;
        (_hourSum, _hourMinutes) = (0, 0);
        if (!wasWhole)
        {
            return;
        }

        _day += (rate - _day) / Math.Min(24, (_minutes / 60) + 1);
        if (_minutes < 24 * 60 || _day <= 0)
        {
            return;
        }

        // A changed share changes what the level stands for: it is carried over.
        var hour = (int)(minute / 60 % 24);
        var before = ShareAt(minute + 1);
        _share[hour] += (Math.Clamp(rate / _day, 0.05, 20) - _share[hour]) / HourMemory;
        _level *= before / ShareAt(minute + 1);
    }

    /// <summary>Gives the share of a minute, which lies between those of the hours whose middles it is between.</summary>
    private double ShareAt(long minute)
    {
        var at = ((minute % 1440) / 60.0) - 0.5;
        var hour = (int)Math.Floor(at);
        var part = at - hour;
        return ((1 - part) * _share[(hour + 24) % 24]) + (part * _share[(hour + 25) % 24]);
    }
}
