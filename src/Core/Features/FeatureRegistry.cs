using System.Collections.Concurrent;
using System.Collections.Frozen;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>
/// Every feature there is by its name: those built in (<see cref="StandardFeatures"/>) and those that the configuration declares.
/// Conditions, decisions and whoever reads a person's features go through it.
/// </summary>
/// <remarks>Belongs to one plan. Safe for any number of threads once the plan is made.</remarks>
public sealed class FeatureRegistry : IAttributeBinder<DecisionContext>
{
    // Names that conditions mention are kept; whoever invents names by the thousand gets them made each time.
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, Feature> _made = new(StringComparer.Ordinal);
    private SegmentLookup _segments;

    /// <summary>Gives the condition of a segment by its id, or null and what is wrong.</summary>
    internal delegate Condition<DecisionContext>? SegmentLookup(string id, out string? problem);

    internal FeatureRegistry(IReadOnlyList<FeatureFamily> families, ShopSettings settings, IReadOnlyList<string> segmentIds, SegmentLookup segments)
    {
        Families = families;
        Settings = settings;
        SegmentIds = segmentIds;
        _segments = segments;
    }

    /// <summary>The registry of a server that nothing is configured on.</summary>
    public static readonly FeatureRegistry Standard = new(StandardFeatures.All, ShopSettings.Default, [], NoSegment);

    /// <summary>Gets all families, in the order they are listed in.</summary>
    public IReadOnlyList<FeatureFamily> Families { get; }

    /// <summary>Gets what features must know of the shop.</summary>
    public ShopSettings Settings { get; }

    /// <summary>Gets the ids of the segments, in order.</summary>
    public IReadOnlyList<string> SegmentIds { get; }

    /// <summary>Finds a feature.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="problem">Where the answer is null: why, and which names are nearest.</param>
    public Feature? Find(string name, out string? problem)
    {
        problem = null;
        if (_made.TryGetValue(name, out var known))
        {
            return known;
        }

        if (Make(name, out problem) is not { } made)
        {
            return null;
        }

        // One object for one name, so that a decision recognises what it has noted already.
        return _made.Count < MostKept ? _made.GetOrAdd(name, made) : made;
    }

    /// <inheritdoc/>
    public AttributeReader<DecisionContext>? Bind(string path, out string? problem) => Find(path, out problem)?.Read;

    /// <summary>Gives all that a condition's features are read for.</summary>
    public Purposes PurposesOf(Condition<DecisionContext> condition)
    {
        var all = Purposes.None;
        foreach (var path in condition.Paths)
        {
            all |= Find(path, out _)?.Purposes ?? Purposes.None;
        }

        return all;
    }

    /// <summary>Reads a person's features: those named, or every one that something is known under.</summary>
    /// <param name="context">The person and the time.</param>
    /// <param name="names">The names wanted, of which those that are no feature are left out; null for all whose value comes from the profile.</param>
    public IReadOnlyList<FeatureValue> Read(DecisionContext context, IReadOnlyList<string>? names)
    {
        var values = new List<FeatureValue>();
        foreach (var name in names ?? NamesOf(context))
        {
            if (Find(name, out _) is { } feature)
            {
                values.Add(new FeatureValue(name, feature.Read(context)));
            }
        }

        return values;
    }

    internal Condition<DecisionContext>? Segment(string id, out string? problem) => _segments(id, out problem);

    /// <summary>Lets go of the compiler: from now on segments are these.</summary>
    internal void Complete(FrozenDictionary<string, Condition<DecisionContext>> segments) =>
        _segments = (string id, out string? problem) =>
        {
            problem = segments.ContainsKey(id) ? null : $"There is no segment \"{id}\".";
            return segments.GetValueOrDefault(id);
        };

    private static Condition<DecisionContext>? NoSegment(string id, out string? problem)
    {
        problem = $"There is no segment \"{id}\".";
        return null;
    }

    private Feature? Make(string name, out string? problem)
    {
        foreach (var family in Families)
        {
            if (family.Pattern.Match(name) is not { } arguments)
            {
                continue;
            }

            var binding = new FeatureBinding(this, family, arguments);
            if (family.Bind(binding) is { } read)
            {
                problem = null;
                return new Feature(name, family, binding.Purposes, Masked(read, binding.Purposes, family.Default));
            }

            if (binding.Problem is not null)
            {
                problem = binding.Problem;
                return null;
            }
        }

        problem = NearestFeatures.Explain(name, this);
        return null;
    }

    /// <summary>Reads the default where the person denied what the feature is read for.</summary>
    private static AttributeReader<DecisionContext> Masked(AttributeReader<DecisionContext> read, Purposes purposes, AttributeValue standard) =>
        purposes == Purposes.None ? read : context => (context.Denied & purposes) == 0 ? read(context) : standard;

    private IEnumerable<string> NamesOf(DecisionContext context)
    {
        foreach (var family in Families)
        {
            if (family.Source == FeatureSource.Profile)
            {
                foreach (var arguments in Arguments(family.Pattern.Parameters, 0, context))
                {
                    yield return family.Pattern.Format(arguments);
                }
            }
        }
    }

    private IEnumerable<IReadOnlyList<string>> Arguments(IReadOnlyList<FeatureParameter> parameters, int from, DecisionContext context)
    {
        if (from == parameters.Count)
        {
            yield return [];
            yield break;
        }

        foreach (var value in parameters[from].Choices ?? parameters[from].Met(context, this))
        {
            foreach (var rest in Arguments(parameters, from + 1, context))
            {
                yield return [value, .. rest];
            }
        }
    }
}
