using Orleans.Concurrency;

namespace Personalization.Grains.Profiles;

/// <summary>One person's profile, hot in one place of the cluster. The key is the person's id.</summary>
[Alias("pz.user-profile")]
public interface IUserProfileGrain : IGrainWithStringKey
{
    /// <summary>Folds what the log brings. What was folded before changes nothing, so any part of the log may come again.</summary>
    [Alias("apply")]
    ValueTask<FoldedStep[]> ApplyAsync(LogSlice slice);

    /// <summary>Takes events that are durable in the log and will come from there later, so that decisions see them at once.</summary>
    [Alias("hand-over")]
    ValueTask HandOverAsync(LogSlice slice);

    /// <summary>Gives the profile as a decision must see it, as <see cref="Core.Profiles.UserProfile.Write"/> writes it; null where nothing is known.</summary>
    [Alias("read")]
    [ReadOnly]
    [ResponseTimeout("00:00:02")]
    ValueTask<byte[]?> ReadAsync();

    /// <summary>Stores what changed. When it returns, everything applied before is in the store.</summary>
    [Alias("flush")]
    ValueTask FlushAsync();
}
