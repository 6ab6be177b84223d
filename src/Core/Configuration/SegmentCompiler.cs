using System.Collections.Frozen;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Configuration;

/// <summary>Compiles segments, each when it is first needed, because they may refer to one another but not in a circle.</summary>
internal sealed class SegmentCompiler
{
    private readonly ConfigurationSet _set;
    private readonly ICollection<Problem> _problems;
    private readonly Dictionary<string, Condition<DecisionContext>?> _done = new(StringComparer.Ordinal);
    private readonly List<string> _underWay = [];

    public SegmentCompiler(ConfigurationSet set, Vocabulary words, ICollection<Problem> problems)
    {
        _set = set;
        _problems = problems;
        Binder = new FeatureBinder(Find, words);
    }

    /// <summary>Gets the binder whose <c>segments.…</c> are these.</summary>
    public FeatureBinder Binder { get; }

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

    private Condition<DecisionContext>? Find(string id, out string? problem)
    {
        problem = null;
        if (_done.TryGetValue(id, out var done))
        {
            problem = done is null ? $"The segment \"{id}\" has faults of its own." : null;
            return done;
        }

        if (_underWay.Contains(id))
        {
            problem = $"The segments refer to one another in a circle: {string.Join(" → ", _underWay.Append(id))}.";
            return null;
        }

        if (_set.Find(ConfigurationKind.Segment, id) is not { } document)
        {
            problem = $"There is no segment \"{id}\".";
            return null;
        }

        _underWay.Add(id);
        var compiled = Compile(document);
        _underWay.RemoveAt(_underWay.Count - 1);
        _done[id] = compiled;
        problem = compiled is null ? $"The segment \"{id}\" has faults of its own." : null;
        return compiled;
    }

    private Condition<DecisionContext>? Compile(ConfigurationDocument document)
    {
        var reader = new DocumentReader(document.Body, $"segments.{document.Id}", _problems);
        reader.Text("description", 1000);
        Condition<DecisionContext>? compiled = null;
        if (reader.Element("condition") is { } condition)
        {
            compiled = ConditionCompiler.Compile(condition, reader.PathOf("condition"), Binder, _problems);
        }
        else
        {
            reader.Fault("condition", "required", "A segment has a condition over features.");
        }

        reader.Finish();
        return compiled;
    }
}
