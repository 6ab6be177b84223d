using Personalization.Core.Profiles;

namespace Personalization.Core.Privacy;

/// <summary>How long a person of whom nothing is heard any more is remembered.</summary>
/// <param name="Days">Days without an event, 1 or more.</param>
public sealed record ProfileRetention(int Days)
{
    private const long DayMilliseconds = 24 * 60 * 60 * 1000L;

    /// <summary>
    /// Tells when a profile expires: so many days after the person's latest event. Milliseconds since the Unix epoch. What holds no event,
    /// like a device that only leads to a login, does not expire.
    /// </summary>
    public long ExpiresAt(UserProfile profile) =>
        profile.Owner is null && profile.LastSeen > 0 ? profile.LastSeen + (Days * DayMilliseconds) : long.MaxValue;
}
