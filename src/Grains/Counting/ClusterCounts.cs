namespace Personalization.Grains.Counting;

/// <summary>How much the whole cluster holds, in what is stored.</summary>
/// <param name="Events">How many events were folded and stored, whatever came of them; one that the log brings again is the same one.</param>
/// <param name="People">How many people have a stored profile.</param>
public readonly record struct ClusterCounts(long Events, long People);
