using Orleans.Concurrency;

namespace Personalization.Grains.Privacy;

/// <summary>One erasure: whom it is still to erase, and how far it is. The key is the erasure's id.</summary>
[Alias("pz.erasure")]
public interface IErasureGrain : IGrainWithStringKey, IRemindable
{
    /// <summary>Notes whom to erase. When it returns that is stored, and goes on whatever dies.</summary>
    [Alias("begin")]
    ValueTask<ErasureStatus> BeginAsync([Immutable] string[] people);

    /// <summary>Says how far it is; null where there is no such erasure.</summary>
    [Alias("find")]
    [ReadOnly]
    ValueTask<ErasureStatus?> FindAsync();
}
