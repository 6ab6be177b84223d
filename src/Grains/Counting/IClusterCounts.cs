namespace Personalization.Grains.Counting;

/// <summary>What is counted across all processes of the cluster. A port: Redis stands behind it.</summary>
public interface IClusterCounts
{
    /// <summary>Counts a person; one that is counted already changes nothing.</summary>
    ValueTask AddPersonAsync(string id);

    /// <summary>Counts a person no more; one that is not counted changes nothing.</summary>
    ValueTask RemovePersonAsync(string id);

    /// <summary>Reads the counts.</summary>
    ValueTask<ClusterCounts> ReadAsync();
}
