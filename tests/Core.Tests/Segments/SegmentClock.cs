using System.Text.Json;
using Personalization.Core.Configuration;
using Personalization.Core.Profiles;
using Personalization.Core.Segments;
using Personalization.Core.Tests.Configuration;
using Personalization.Core.Tests.Profiles;

namespace Personalization.Core.Tests.Segments;

/// <summary>A person, some segments, and a clock.</summary>
internal sealed class SegmentClock
{
    private readonly Documents _documents = new();
    private readonly SegmentEvaluator _evaluator;
    private Memberships _memberships;

    public SegmentClock(params (string Id, string Condition)[] segments)
    {
        foreach (var (id, condition) in segments)
        {
            Assert.Empty(_documents.Put(ConfigurationKind.Segment, id, $$"""{"condition":{{condition}}}""").Problems);
        }

        Active = new ActiveSegments(_documents.State.Plan.Definitions.Select((definition, i) => new ActiveSegment(i + 1, definition)));
        _evaluator = new SegmentEvaluator(Folding.Words);
    }

    public Folding Folding { get; } = new();

    public ActiveSegments Active { get; }

    public UserProfile Profile => Folding.Profile;

    public ConfigurationState State => _documents.State;

    public ReadOnlySpan<Membership> Memberships => _memberships.Entries;

    /// <summary>Asks everything at a time, and gives what changed as <c>+id</c> and <c>-id</c>.</summary>
    public string[] AskAt(long now)
    {
        var flips = new List<SegmentFlip>();
        _evaluator.Evaluate(Active.All, Profile, now, ref _memberships, flips);
        return [.. flips.Select(flip => (flip.Entered ? "+" : "-") + Active.Find(flip.Segment)!.Definition.Id)];
    }

    /// <summary>Asks what an event of a type may change, as a host does after it folded one.</summary>
    public string[] AskAfter(string type, long now)
    {
        var flips = new List<SegmentFlip>();
        _evaluator.Evaluate(Active.ChangedBy(type), Profile, now, ref _memberships, flips);
        return [.. flips.Select(flip => (flip.Entered ? "+" : "-") + Active.Find(flip.Segment)!.Definition.Id)];
    }

    public long NextFlip(long now, int steps = 1000) => _evaluator.NextFlip(Active, Profile, _memberships, now, steps);

    public SegmentDraft? Draft(string json, out List<Problem> problems)
    {
        problems = [];
        return SegmentDraft.Read(JsonElement.Parse(json), State, problems);
    }
}
