using Orleans.Concurrency;

namespace Personalization.Grains.Profiles;

/// <summary>One person's profile, hot in one place of the cluster. The key is the person's id.</summary>
[Alias("pz.user-profile")]
public interface IUserProfileGrain : IGrainWithStringKey
{
    /// <summary>Folds what the log brings. What was folded before changes nothing, so any part of the log may come again.</summary>
    /// <param name="slice">The events.</param>
    /// <param name="after">The position of the person's event before them; 0 where everything before is in the store.</param>
    /// <returns>What folding did, or null where this activation lacks events up to <paramref name="after"/>: they are to come again.</returns>
    /// <remarks>
    /// While silos come and go a second activation may start from the store while the first has not stored yet. The chain of
    /// positions shows that, so that a profile that has reached a version holds every event up to it.
    /// </remarks>
    /// <exception cref="UnreadableProfileException">The stored profile can't be read, and stays as it is. So for all other members.</exception>
    [Alias("apply")]
    ValueTask<FoldedSlice?> ApplyAsync(LogSlice slice, long after);

    /// <summary>Folds events of a device that belongs to this login, which the device's lane brings. As often as it likes.</summary>
    /// <param name="device">The device's id.</param>
    /// <param name="slice">The events.</param>
    /// <param name="after">The position of the device's event before them that was brought here; 0 where it is in the store.</param>
    /// <returns>What folding did, or null where this activation lacks events up to <paramref name="after"/>: they are to come again.</returns>
    [Alias("apply-guest")]
    ValueTask<FoldedStep[]?> ApplyGuestAsync(string device, LogSlice slice, long after);

    /// <summary>Makes this device a login's, if it may be, and stores that before it answers.</summary>
    /// <param name="login">The login's id.</param>
    /// <param name="at">When the two were seen to be one, in milliseconds since the Unix epoch.</param>
    [Alias("detach")]
    ValueTask<Joining> DetachAsync(string login, long at);

    /// <summary>Takes over what a device held that is this login's now. What was taken over before changes nothing.</summary>
    [Alias("attach")]
    ValueTask AttachAsync(string device, Joining joining);

    /// <summary>Notes that a device is another login's now.</summary>
    [Alias("release")]
    ValueTask ReleaseAsync(string device);

    /// <summary>Throws away what the device held, which the login has stored.</summary>
    [Alias("forget")]
    ValueTask ForgetAsync(string login);

    /// <summary>Remembers which variants impressions that went to the login exposed this device to, and stores that before it answers.</summary>
    [Alias("expose")]
    ValueTask ExposeAsync(LogSlice impressions);

    /// <summary>Takes events that are durable in the log and will come from there later, so that decisions see them at once.</summary>
    /// <remarks>
    /// Like <see cref="ReadAsync"/> it does not wait for a store that is slow or away. Nor does an acknowledgement wait long for it: a
    /// decision that names the version waits for the log instead.
    /// </remarks>
    /// <returns>The login to hand them to instead, where this is a device of one; null where they were taken.</returns>
    [Alias("hand-over")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:02")]
    ValueTask<string?> HandOverAsync(LogSlice slice);

    /// <summary>Takes events of a device of this login that are durable in the device's log and will come from there later.</summary>
    [Alias("hand-over-guest")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:02")]
    ValueTask HandOverGuestAsync(string device, LogSlice slice);

    /// <summary>Gives the profile as a decision must see it, as <see cref="Core.Profiles.UserProfile.Write"/> writes it; null where nothing is known.</summary>
    [Alias("read")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:02")]
    ValueTask<byte[]?> ReadAsync();

    /// <summary>Gives what the person chose.</summary>
    [Alias("read-consent")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:02")]
    ValueTask<StoredConsent> ReadConsentAsync();

    /// <summary>Prepares for the mark that erases the person: a stored profile that can't be read is deleted, and holds up nothing more.</summary>
    /// <returns>Whether anything was known.</returns>
    [Alias("prepare-erasure")]
    ValueTask<bool> PrepareErasureAsync();

    /// <summary>Stores what changed.</summary>
    /// <param name="goal">What the store must hold.</param>
    /// <returns>False where this activation lacks some of it: that is to come again.</returns>
    [Alias("flush")]
    ValueTask<bool> FlushAsync(FlushGoal goal);
}
