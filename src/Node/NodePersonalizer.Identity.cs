using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Node.HotState;

namespace Personalization.Node;

/// <content>Devices and logins: which profile an id leads to.</content>
public sealed partial class NodePersonalizer
{
    /// <summary>Reads the profile that an id leads to under its lock; what nothing is known of gives null.</summary>
    /// <param name="slot">The id's own profile.</param>
    /// <param name="read">Reads. It is given the profile, and that of the device which led to it where one did.</param>
    private T? Read<T>(ProfileSlot? slot, Func<UserProfile, UserProfile?, T> read)
        where T : class
    {
        UserProfile? device = null;
        while (slot is not null)
        {
            string login;
            lock (slot)
            {
                if (slot.IsErased)
                {
                    return null;
                }

                if (slot.Profile.Owner is not { } owner)
                {
                    return read(slot.Profile, device);
                }

                (device, login) = (slot.Profile, owner);
            }

            slot = Find(login);
        }

        return null;
    }

    /// <summary>Gives the profile of the device that asks, where the login's may lack what was shown on it.</summary>
    private UserProfile? DeviceOf(DecisionRequest request, ProfileSlot? person)
    {
        if (request is not { AnonymousId: { } device, UserId: not null })
        {
            return null;
        }

        if (person is not null)
        {
            lock (person)
            {
                if (person.Profile.HasHistoryOf(device))
                {
                    return null;
                }
            }
        }

        return Find(device)?.Profile;
    }

    /// <summary>Gives all ids of people: a device stands for the login it leads to, a login for its devices.</summary>
    private HashSet<string> AllIdsOf(IEnumerable<string> ids)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            all.Add(id);
            foreach (var other in Read(_profiles.Find(id), (person, _) => person.Devices.ToArray().Select(device => device.Id).Append(person.Id).ToArray()) ?? [])
            {
                all.Add(other);
            }
        }

        return all;
    }

    /// <summary>Tells why an event may not join the ids it names; null where it may, or names none.</summary>
    private Problem? RefuseIdentity(Event source)
    {
        if (IdentityRules.DeviceOf(source) is not { } device)
        {
            return null;
        }

        return IdentityRules.Refuse(source, Find(device)?.Profile.IsLogin ?? false, Find(source.UserId!)?.Profile.Owner);
    }
}
