using Personalization.Core.Profiles;

namespace Personalization.Core.Segments;

/// <summary>Something that time alone changes, and when it does so next for a person.</summary>
/// <param name="Of">What it is.</param>
/// <param name="Type">The type of events counted, of <see cref="Source.Pane"/>.</param>
/// <param name="Window">The place in <see cref="Profiles.Window.All"/>, of <see cref="Source.Pane"/>.</param>
/// <param name="Offset">The age in milliseconds at which something changes, of the ages.</param>
internal readonly record struct TimedRead(TimedRead.Source Of, string? Type = null, int Window = 0, double Offset = 0)
{
    /// <summary>What there is no such moment for.</summary>
    public const long Never = long.MaxValue;

    // Features that nothing is known of here may follow a clock; they are looked at this often, in milliseconds.
    private const long LookEvery = 3_600_000;

    public static readonly TimedRead SessionEnd = new(Source.SessionEnd);

    public static readonly TimedRead Anything = new(Source.Anything);

    public enum Source
    {
        Pane,
        SessionEnd,
        SessionAge,
        ProfileAge,
        Anything,
    }

    public static TimedRead Pane(string type, int window) => new(Source.Pane, type, window);

    public static TimedRead SessionAge(double offset) => new(Source.SessionAge, Offset: offset);

    public static TimedRead ProfileAge(double offset) => new(Source.ProfileAge, Offset: offset);

    /// <summary>Gives the first moment after a time, both in milliseconds since the Unix epoch, at which it may be another.</summary>
    public long NextAfter(UserProfile profile, long now) => Of switch
    {
        Source.Pane => profile.NextExpiry(Type!, Window, now),
        Source.SessionEnd => EndOfSession(profile, now),
        Source.SessionAge => profile.SessionAt(now) is { } session ? Crossing(session.StartedAt, now) : Never,
        Source.ProfileAge => profile.IsKnown ? Crossing(profile.FirstSeen, now) : Never,
        _ => Math.Min(Math.Min(profile.NextExpiry(now), EndOfSession(profile, now)), ((now / LookEvery) + 1) * LookEvery),
    };

    private static long EndOfSession(UserProfile profile, long now)
    {
        var end = profile.LastSeen + (UserProfile.SessionGapSeconds * 1000L);
        return profile.IsKnown && end > now ? end : Never;
    }

    // "At least" changes at the moment itself, "more than" right after it.
    private long Crossing(long start, long now)
    {
        var at = start + Math.Ceiling(Offset);
        return at > now ? (at < Never / 2 ? (long)at : Never)
            : at + 1 > now ? (long)at + 1
            : Never;
    }
}
