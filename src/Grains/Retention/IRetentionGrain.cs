namespace Personalization.Grains.Retention;

/// <summary>Walks all stored profiles now and then, and has those that expired forgotten. The key is 0: there is one walk at a time.</summary>
[Alias("pz.retention")]
public interface IRetentionGrain : IGrainWithIntegerKey, IRemindable
{
    /// <summary>Sees to it that walks take place, and goes on with one that was interrupted. Every silo says so when it starts.</summary>
    [Alias("ensure")]
    Task EnsureAsync();
}
