namespace Personalization.Core.Segments;

/// <summary>A segment that memberships are kept of.</summary>
/// <param name="Number">The number the host knows it by. One that is deleted and put again is another one and gets another number.</param>
/// <param name="Definition">What it is.</param>
public sealed record ActiveSegment(int Number, SegmentDefinition Definition);
