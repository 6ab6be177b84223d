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
    ValueTask<FoldedStep[]?> ApplyAsync(LogSlice slice, long after);

    /// <summary>Takes events that are durable in the log and will come from there later, so that decisions see them at once.</summary>
    /// <remarks>
    /// Like <see cref="ReadAsync"/> it does not wait for a store that is slow or away. Nor does an acknowledgement wait long for it: a
    /// decision that names the version waits for the log instead.
    /// </remarks>
    [Alias("hand-over")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:02")]
    ValueTask HandOverAsync(LogSlice slice);

    /// <summary>Gives the profile as a decision must see it, as <see cref="Core.Profiles.UserProfile.Write"/> writes it; null where nothing is known.</summary>
    [Alias("read")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:02")]
    ValueTask<byte[]?> ReadAsync();

    /// <summary>Stores what changed.</summary>
    /// <param name="through">The position that the store must have reached.</param>
    /// <returns>False where this activation lacks events up to <paramref name="through"/>: they are to come again.</returns>
    [Alias("flush")]
    ValueTask<bool> FlushAsync(long through);

    /// <summary>Finds anew which segments the person is in, and stores and journals what changed.</summary>
    /// <param name="revision">The configuration that must be known where this is done.</param>
    [Alias("revise")]
    ValueTask ReviseAsync(long revision);

    /// <summary>Gives what <see cref="ReadAsync"/> gives, to somebody who goes through many people: this one need not stay in memory for it.</summary>
    [Alias("peek")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    ValueTask<byte[]?> PeekAsync();
}
