namespace Personalization.Core.Segments;

/// <summary>That a person is in a segment.</summary>
/// <param name="Segment">The segment's number (<see cref="ActiveSegment"/>).</param>
/// <param name="Since">When it was found, in seconds since the Unix epoch.</param>
public readonly record struct Membership(int Segment, uint Since);
