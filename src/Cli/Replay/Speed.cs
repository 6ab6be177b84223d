using System.Globalization;

namespace Personalization.Cli.Replay;

/// <summary>How fast time passes in a replay: a multiple of real time, or as fast as the server takes events.</summary>
/// <param name="Multiple">1 is real time; infinity is as fast as possible.</param>
internal readonly record struct Speed(double Multiple)
{
    public static readonly Speed Max = new(double.PositiveInfinity);

    /// <summary>Parses <c>max</c>, <c>60</c> or <c>60x</c>; null where it is neither.</summary>
    public static Speed? Parse(string text)
    {
        if (text == "max")
        {
            return Max;
        }

        return double.TryParse(text.TrimEnd('x'), NumberStyles.Float, CultureInfo.InvariantCulture, out var multiple) && multiple > 0
            ? new Speed(multiple)
            : null;
    }

    public override string ToString() => double.IsInfinity(Multiple) ? "max" : Multiple.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets how long to wait before sending an event.</summary>
    /// <param name="sinceFirst">How long after the first event it happened. Out of order, it may be negative.</param>
    /// <param name="elapsed">How long the replay has run.</param>
    public TimeSpan WaitFor(TimeSpan sinceFirst, TimeSpan elapsed)
    {
        var wait = (sinceFirst / Multiple) - elapsed;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
