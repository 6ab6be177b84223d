using Personalization.Core.Segments;
using Personalization.Grains.Configuration;

namespace Personalization.Grains.Segments;

/// <summary>This process's copy of the segments that memberships are kept of.</summary>
public sealed class SharedSegments(SharedConfiguration configuration, ISegmentStore store, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _refreshing = new(1);
    private volatile ActiveSegments _active = ActiveSegments.None;
    private IReadOnlyList<SegmentDefinition>? _adopted;
    private long _revision;

    /// <summary>Gets the copy.</summary>
    public ActiveSegments Active => _active;

    /// <summary>Takes over the segments of this process's configuration, if they are others.</summary>
    public async Task RefreshAsync()
    {
        await _refreshing.WaitAsync();
        try
        {
            var plan = configuration.Current.Plan;
            if (!ReferenceEquals(plan.Definitions, _adopted))
            {
                var numbers = await store.AdoptAsync(plan.Revision, plan.Definitions, time.GetUtcNow().ToUnixTimeMilliseconds());

                // A process that is behind knows segments that others have deleted already.
                _active = new ActiveSegments(plan.Definitions
                    .Where(definition => numbers.ContainsKey(definition.Id))
                    .Select(definition => new ActiveSegment(numbers[definition.Id], definition)));
                _adopted = plan.Definitions;
            }

            Volatile.Write(ref _revision, plan.Revision);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Returns once this process has the segments of a revision or of a later one.</summary>
    public async ValueTask ReachAsync(long revision)
    {
        if (Volatile.Read(ref _revision) < revision)
        {
            await configuration.RefreshAsync();
            await RefreshAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();
}
