using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Profiles;

/// <summary>Which ids an event joins, and which may not be joined.</summary>
public static class IdentityRules
{
    /// <summary>Gives the id of the device that an event joins to its <see cref="Event.UserId"/>; null where it joins none.</summary>
    public static string? DeviceOf(Event source)
    {
        if (source is not { Type: EventTypes.Identify or EventTypes.Alias, UserId: { } login } || !source.Consent.Allows(Purposes.CrossDevice))
        {
            return null;
        }

        var device = source.Type == EventTypes.Alias ? source.PreviousId : source.AnonymousId;
        return device == login ? null : device;
    }

    /// <summary>Tells why an event that joins ids is refused where it enters; null where it is not.</summary>
    /// <param name="source">An event that <see cref="DeviceOf"/> gives a device of.</param>
    /// <param name="isLogin">Whether the device's id is a login.</param>
    /// <param name="ownerOfLogin">What the profile of the event's <see cref="Event.UserId"/> is joined to, or null.</param>
    /// <remarks>Such an event that is in the log all the same, because the two came at once, joins nothing: see <see cref="UserProfile.LinkTo"/>.</remarks>
    public static Problem? Refuse(Event source, bool isLogin, string? ownerOfLogin)
    {
        var path = source.Type == EventTypes.Alias ? "previousId" : "anonymousId";
        if (ownerOfLogin is not null && ownerOfLogin == DeviceOf(source))
        {
            return new Problem(path, "alias_cycle", "The userId is joined to this id already, the other way round.");
        }

        return isLogin
            ? new Problem(path, "merge_of_logins", "This id has logged in itself. Two people who both log in are never made one.")
            : null;
    }
}
