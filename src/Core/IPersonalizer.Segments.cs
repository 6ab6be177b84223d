using Personalization.Core.Segments;

namespace Personalization.Core;

/// <content>Who is in which segment. Sizes, samples and overlaps are those of the last few moments: a change is in them once it is in the journal.</content>
public partial interface IPersonalizer
{
    /// <summary>Tells how many are in a segment; null where there is none of that id.</summary>
    ValueTask<SegmentSize?> SizeOfSegmentAsync(string id, CancellationToken cancellation);

    /// <summary>Draws members of a segment at random; null where there is none of that id.</summary>
    ValueTask<IReadOnlyList<string>?> SampleSegmentAsync(string id, int count, CancellationToken cancellation);

    /// <summary>Tells how many are in several segments at once. Every id is one of a segment.</summary>
    ValueTask<SegmentOverlap> OverlapSegmentsAsync(IReadOnlyList<string> ids, CancellationToken cancellation);

    /// <summary>Tells who would be in a segment before it is saved.</summary>
    ValueTask<SegmentPreview> PreviewSegmentAsync(SegmentDraft draft, CancellationToken cancellation);

    /// <summary>Reads the journal of who entered and left segments, waiting for more where there is none.</summary>
    /// <param name="segment">The id of the only segment of interest, or null for all.</param>
    /// <param name="after">A place that an earlier page gave, or a change's id; null to learn the newest place, at once.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is no place of this journal.</exception>
    ValueTask<SegmentChangePage> ReadSegmentChangesAsync(string? segment, string? after, TimeSpan patience, CancellationToken cancellation);
}
