namespace Personalization.Cli.Http;

/// <summary>The segments there are.</summary>
internal sealed record SegmentListAnswer(IReadOnlyList<SegmentEntry> Segments);

/// <summary>One of them.</summary>
internal sealed record SegmentEntry(string Id);

/// <summary>How many are in a segment.</summary>
internal sealed record SegmentSizeAnswer(string Segment, long Members, bool Complete);

/// <summary>Who would be in a segment.</summary>
internal sealed record SegmentPreviewAnswer(
    string Summary, long People, long Sampled, EstimateAnswer Estimate, IReadOnlyList<string> Examples, SegmentReplacedAnswer? Replaces);

/// <summary>What becomes of those who are in it now.</summary>
internal sealed record SegmentReplacedAnswer(string Segment, long Members, long Sampled, long Leaving, EstimateAnswer Estimate);

/// <summary>How many of all, and how sure that is.</summary>
internal sealed record EstimateAnswer(long Count, long Low, long High, double Confidence);
