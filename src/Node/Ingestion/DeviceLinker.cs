using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Node.HotState;
using Personalization.Node.Segments;

namespace Personalization.Node.Ingestion;

/// <summary>Joins devices to logins while folding. On the folding thread, so all that one event changes is in one checkpoint.</summary>
internal sealed class DeviceLinker(ProfileDirectory profiles, ChangeTracker changes, SegmentUpkeep segments, Vocabulary words)
{
    /// <summary>Does what an event means for profiles other than the one it was folded into.</summary>
    /// <param name="source">The event.</param>
    /// <param name="person">The profile it was folded into, which is no link.</param>
    public void Fold(Event source, ProfileSlot person)
    {
        if (IdentityRules.DeviceOf(source) is { } device)
        {
            Join(profiles.GetOrAdd(device), person, source.Timestamp);
        }

        if (source is { Exposures.Count: > 0, AnonymousId: { } shownOn } && shownOn != person.Profile.Id)
        {
            Change(profiles.GetOrAdd(shownOn), profile => profile.Expose(source, words));
        }
    }

    private void Join(ProfileSlot device, ProfileSlot login, long at)
    {
        var (id, owner) = (device.Profile.Id, login.Profile.Id);
        var change = device.Profile.LinkTo(owner, at);
        switch (change)
        {
            case LinkChange.None:
                return;
            case LinkChange.First:
                Change(login, profile => profile.Merge(device.Profile, words));
                break;
            case LinkChange.Moved:
                Change(profiles.GetOrAdd(device.Profile.Owner!), profile => profile.Detach(id));
                break;
        }

        // A reader between two of these finds what happened twice or as before, and never nothing: the link is made last.
        if (change != LinkChange.Renewed)
        {
            Change(login, profile => profile.Attach(new Device(id, change == LinkChange.First)));
        }

        Change(device, profile => profile.BecomeLinkTo(owner, at));
    }

    private void Change(ProfileSlot slot, Action<UserProfile> change)
    {
        lock (slot)
        {
            changes.Changing(slot);
            change(slot.Profile);
            segments.Renewed(slot);
        }
    }
}
