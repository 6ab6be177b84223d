namespace Personalization.Core;

/// <summary>How much a host holds and has done.</summary>
/// <param name="Events">The log position of the last event folded: how many were ever taken in.</param>
/// <param name="Profiles">How many people are known.</param>
/// <param name="Items">How many items the catalog has.</param>
/// <param name="HotProfiles">How many profiles are in memory.</param>
/// <param name="DroppedDecisions">How many decisions could not be remembered since the start, because writing could not keep up.</param>
public readonly record struct PersonalizerStatistics(long Events, long Profiles, int Items, int HotProfiles, long DroppedDecisions)
{
    /// <summary>Gets how many alerts were raised about the volume of events, as far as this process knows.</summary>
    public long Alerts { get; init; }
}
