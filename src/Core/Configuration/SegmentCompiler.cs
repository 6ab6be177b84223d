using System.Collections.Frozen;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;
using Personalization.Core.Features;
using Personalization.Core.Segments;

namespace Personalization.Core.Configuration;

/// <summary>Compiles segments, each when it is first needed, because they may refer to one another but not in a circle.</summary>
internal sealed class SegmentCompiler
{
    /// <summary>How many segments may refer to one another in a row: each costs a decision a call inside a call.</summary>
    public const int MostDepth = 16;

    private readonly ConfigurationSet _set;
    private readonly ICollection<Problem> _problems;
    private readonly Dictionary<string, (Condition<DecisionContext>? Condition, int Depth)> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SegmentDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly List<string> _underWay = [];
    private int _deepest;

    public SegmentCompiler(
        ConfigurationSet set, IEnumerable<FeatureFamily> configured, ShopSettings settings, ICollection<Problem> problems)
    {
        _set = set;
        _problems = problems;
        Features = new FeatureRegistry(
            [.. StandardFeatures.All, .. configured],
            settings,
            [.. set.Of(ConfigurationKind.Segment).Select(document => document.Id)],
            Find);
    }

    /// <summary>Gets the features, whose <c>segments.…</c> are these.</summary>
    public FeatureRegistry Features { get; }

    /// <summary>Compiles every segment.</summary>
    public FrozenDictionary<string, Condition<DecisionContext>> All()
    {
        var all = new Dictionary<string, Condition<DecisionContext>>(StringComparer.Ordinal);
        foreach (var document in _set.Of(ConfigurationKind.Segment))
        {
            if (Find(document.Id, out _) is { } condition)
            {
                all[document.Id] = condition;
            }
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Gives every segment with what may change who is in it.</summary>
    public IReadOnlyList<SegmentDefinition> Definitions() =>
        [.. _set.Of(ConfigurationKind.Segment).Select(document => Definition(document.Id)).OfType<SegmentDefinition>()];

    /// <summary>Gives one segment with what may change who is in it, or null where it has faults.</summary>
    public SegmentDefinition? Definition(string id)
    {
        if (_definitions.TryGetValue(id, out var known))
        {
            return known;
        }

        if (Find(id, out _) is not { } condition
            || _set.Find(ConfigurationKind.Segment, id) is not { } document
            || !document.Body.TryGetProperty("condition", out var written))
        {
            return null;
        }

        var reads = SegmentReads.Of(written, condition.Paths, Features, other => Definition(other)?.Reads);
        var fingerprint = SegmentFingerprint.Of(document.Body, condition.Paths, _set, other => Definition(other)?.Fingerprint);
        return _definitions[id] = new SegmentDefinition(id, fingerprint, condition, Features.PurposesOf(condition), reads);
    }

    private Condition<DecisionContext>? Find(string id, out string? problem)
    {
        problem = null;
        if (!_done.TryGetValue(id, out var done))
        {
            if (_underWay.Contains(id))
            {
                problem = $"The segments refer to one another in a circle: {string.Join(" → ", _underWay.Append(id))}.";
                return null;
            }

            if (_underWay.Count == MostDepth)
            {
                problem = $"The segments refer to one another more than {MostDepth} deep.";
                return null;
            }

            if (_set.Find(ConfigurationKind.Segment, id) is not { } document)
            {
                problem = $"There is no segment \"{id}\".";
                return null;
            }

            _done[id] = done = Measure(document);
        }

        _deepest = Math.Max(_deepest, done.Depth);
        problem = done.Condition is null ? $"The segment \"{id}\" has faults of its own." : null;
        return done.Condition;
    }

    /// <summary>Compiles a segment, and tells how many refer to one another from it on, itself included.</summary>
    private (Condition<DecisionContext>? Condition, int Depth) Measure(ConfigurationDocument document)
    {
        var outside = _deepest;
        _deepest = 0;
        _underWay.Add(document.Id);
        var compiled = Compile(document);
        _underWay.RemoveAt(_underWay.Count - 1);
        var depth = _deepest + 1;
        _deepest = outside;
        if (depth > MostDepth)
        {
            _problems.Add(new Problem(
                $"segments.{document.Id}.condition", "too_deep", $"The segments refer to one another more than {MostDepth} deep."));
            compiled = null;
        }

        return (compiled, depth);
    }

    private Condition<DecisionContext>? Compile(ConfigurationDocument document)
    {
        var reader = new DocumentReader(document.Body, $"segments.{document.Id}", _problems);
        if (document.Id is "changes" or "preview")
        {
            _problems.Add(new Problem($"segments.{document.Id}", "reserved_id", $"A segment can't be called \"{document.Id}\": /v1/segments/{document.Id} is something else."));
        }

        reader.Text("description", 1000);
        var compiled = reader.Element("condition", required: true) is { } condition
            ? ConditionCompiler.Compile(condition, reader.PathOf("condition"), Features, _problems)
            : null;
        var purposes = ReadPurposes(reader);
        reader.Finish();

        // Somebody who denied what the segment is for is not in it, whatever its condition says.
        return compiled is null || purposes == Purposes.None
            ? compiled
            : new Condition<DecisionContext>(context => (context.Denied & purposes) == 0 && compiled.Matches(context), compiled.Paths);
    }

    private static Purposes ReadPurposes(DocumentReader reader)
    {
        var purposes = Purposes.None;
        foreach (var (json, path) in reader.List("purposes", PurposeNames.All.Count) ?? [])
        {
            var purpose = json.ValueKind == System.Text.Json.JsonValueKind.String ? PurposeNames.Parse(json.GetString()!) : Purposes.None;
            if (purpose == Purposes.None)
            {
                reader.FaultAt(path, "unknown_purpose", PurposeNames.Known);
            }

            purposes |= purpose;
        }

        return purposes;
    }
}
