namespace Personalization.Core.Segments;

/// <summary>How many people are in a segment.</summary>
/// <param name="Members">How many.</param>
/// <param name="IsComplete">Whether everybody was asked since the segment was put; until then some are still missing.</param>
public sealed record SegmentSize(long Members, bool IsComplete);

/// <summary>How many people are in several segments at once.</summary>
/// <param name="Sizes">Each segment and how many are in it, in the order asked for.</param>
/// <param name="Pairs">The first segment with each of the others: how many are in both.</param>
/// <param name="All">How many are in all of them.</param>
public sealed record SegmentOverlap(
    IReadOnlyList<(string Segment, long Members)> Sizes, IReadOnlyList<(string With, long Members)> Pairs, long All);
