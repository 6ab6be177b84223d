namespace Personalization.Grains.Counting;

/// <summary>This process's copy of the cluster's counts, and what it counts for itself alone.</summary>
public sealed class SharedCounts(IClusterCounts counts)
{
    private readonly Lock _gate = new();
    private ClusterCounts _current;
    private int _hotProfiles;

    /// <summary>Gets the counts as they were last read.</summary>
    public ClusterCounts Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>Gets how many profiles are in this process's memory.</summary>
    public int HotProfiles => Volatile.Read(ref _hotProfiles);

    /// <summary>Reads the cluster's counts anew.</summary>
    public async Task RefreshAsync()
    {
        var read = await counts.ReadAsync();
        lock (_gate)
        {
            _current = read;
        }
    }

    /// <summary>Counts a profile that came to memory (1) or left it (−1).</summary>
    public void CountHot(int change) => Interlocked.Add(ref _hotProfiles, change);
}
