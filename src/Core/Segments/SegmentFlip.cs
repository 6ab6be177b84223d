namespace Personalization.Core.Segments;

/// <summary>That a person entered a segment or left it.</summary>
/// <param name="Segment">The segment's number (<see cref="ActiveSegment"/>).</param>
/// <param name="Entered">Whether they entered; else they left.</param>
/// <param name="At">When it was found, in milliseconds since the Unix epoch.</param>
public readonly record struct SegmentFlip(int Segment, bool Entered, long At);
