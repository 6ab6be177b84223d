namespace Personalization.Core.Segments;

/// <summary>Who would be in a segment that is not saved yet.</summary>
/// <param name="People">How many people there are.</param>
/// <param name="Sampled">How many of them were asked, drawn at random; all, where that is not more than were allowed.</param>
/// <param name="Matched">How many of those would be in it.</param>
/// <param name="Examples">The ids of up to ten of them.</param>
/// <param name="Replaced">What it would replace; null where it would be a new one.</param>
public sealed record SegmentPreview(long People, int Sampled, int Matched, IReadOnlyList<string> Examples, SegmentReplacement? Replaced)
{
    /// <summary>How many examples there are at most.</summary>
    public const int MostExamples = 10;

    /// <summary>Gets the share of people who would be in it, with 95 % confidence; exact where everybody was asked.</summary>
    public (double Low, double High) Share => Interval(Matched, Sampled, People);

    internal static (double Low, double High) Interval(long of, long asked, long all) =>
        asked >= all ? (asked == 0 ? (0, 0) : ((double)of / asked, (double)of / asked)) : WilsonInterval.Of(of, asked);
}

/// <summary>What becomes of the members of a segment that would be replaced.</summary>
/// <param name="Segment">Its id.</param>
/// <param name="Members">How many are in it now.</param>
/// <param name="Sampled">How many of them were asked, drawn at random.</param>
/// <param name="Leaving">How many of those would leave.</param>
public sealed record SegmentReplacement(string Segment, long Members, int Sampled, int Leaving)
{
    /// <summary>Gets the share of members who would leave, with 95 % confidence; exact where all were asked.</summary>
    public (double Low, double High) Share => SegmentPreview.Interval(Leaving, Sampled, Members);
}
