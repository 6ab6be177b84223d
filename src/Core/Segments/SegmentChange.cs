namespace Personalization.Core.Segments;

/// <summary>What happened to a segment.</summary>
public enum SegmentChangeKind
{
    /// <summary>A person entered it.</summary>
    Enter,

    /// <summary>A person left it.</summary>
    Leave,

    /// <summary>It was deleted, and so were its memberships; its members are not told one by one.</summary>
    Deleted,
}

/// <summary>An entry of the journal that others follow.</summary>
/// <param name="Id">Its place in the journal: whoever gets it twice knows it by this.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Segment">The segment's id.</param>
/// <param name="Person">The person's id; null where it concerns nobody in particular.</param>
/// <param name="At">When it was found.</param>
public sealed record SegmentChange(string Id, SegmentChangeKind Kind, string Segment, string? Person, DateTimeOffset At);

/// <summary>A part of the journal.</summary>
/// <param name="Changes">What comes after the place asked for, oldest first; none where nothing came in the time allowed.</param>
/// <param name="Position">The place to go on after.</param>
/// <param name="Missed">Whether the journal no longer held everything after the place asked for.</param>
public sealed record SegmentChangePage(IReadOnlyList<SegmentChange> Changes, string Position, bool Missed);
