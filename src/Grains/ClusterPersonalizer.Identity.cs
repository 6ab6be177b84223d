using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Grains.Profiles;

namespace Personalization.Grains;

/// <content>Devices and logins: which profile an id leads to. A grain asks no other; whoever brings it something asks both.</content>
public sealed partial class ClusterPersonalizer
{
    /// <summary>Reads the profile to decide from, with the device's own where the person's may lack what was shown on it.</summary>
    /// <returns>The profile, the device's or null, and how far the log was followed for the id asked.</returns>
    private async ValueTask<(UserProfile Person, UserProfile? Device, long Version)> FindPersonAsync(
        DecisionRequest request, CancellationToken cancellation)
    {
        var asked = await FindAsync(request.PersonId, request.MinProfileVersion ?? 0, cancellation) ?? new UserProfile(request.PersonId);
        if (asked.Owner is { } login)
        {
            var owner = await FindAsync(login, 0, cancellation) ?? new UserProfile(login);
            return (owner, asked, asked.Version);
        }

        var device = request is { AnonymousId: { } id, UserId: not null } && !asked.HasHistoryOf(id) ? await FindAsync(id, 0, cancellation) : null;
        return (asked, device, asked.Version);
    }

    /// <summary>Tells why an event may not join the ids it names; null where it may, or names none.</summary>
    private async ValueTask<Problem?> RefuseIdentityAsync(Event source)
    {
        if (IdentityRules.DeviceOf(source) is not { } device)
        {
            return null;
        }

        try
        {
            return IdentityRules.Refuse(source, (await ReadAsync(device))?.IsLogin ?? false, (await ReadAsync(source.UserId!))?.Owner);
        }
#pragma warning disable CA1031 // What passes here is looked at again when the log brings it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogProfileNotRead(exception);
            return null;
        }
    }

    private async Task HandOverAsync(string person, LogSlice slice)
    {
        if (await grains.GetGrain<IUserProfileGrain>(person).HandOverAsync(slice) is { } login)
        {
            await grains.GetGrain<IUserProfileGrain>(login).HandOverGuestAsync(person, slice);
        }
    }
}
