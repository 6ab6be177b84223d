using System.Collections.Frozen;
using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Features;

namespace Personalization.Core.Configuration;

/// <summary>Compiles a configuration into a <see cref="DecisionPlan"/>, or says everything that is wrong with it.</summary>
/// <remarks>Paths of problems begin with kind and id: <c>experiments.hero.variants[1].weight</c>.</remarks>
public sealed class ConfigurationCompiler
{
    private readonly ConfigurationSet _set;
    private readonly Vocabulary _words;
    private readonly List<Problem> _problems = [];
    private readonly FeatureCompiler _features;
    private readonly PredictorCompiler _predictors;
    private readonly SegmentCompiler _segments;

    private ConfigurationCompiler(ConfigurationSet set, Vocabulary words)
    {
        _set = set;
        _words = words;
        _features = new FeatureCompiler(set, _problems);
        _predictors = new PredictorCompiler(set, _problems);
        _segments = new SegmentCompiler(set, [.. _features.Families, .. _predictors.Families], _features.Settings, _problems);
    }

    /// <summary>Compiles.</summary>
    /// <param name="set">The documents.</param>
    /// <param name="catalog">The items, which documents don't refer to.</param>
    /// <param name="revision">The revision of the plan.</param>
    /// <param name="words">The process's vocabulary.</param>
    /// <param name="problems">All that is wrong; where there is anything, no plan is returned.</param>
    public static DecisionPlan? Compile(
        ConfigurationSet set, ItemCatalog catalog, long revision, Vocabulary words, out IReadOnlyList<Problem> problems)
    {
        var compiler = new ConfigurationCompiler(set, words);
        var plan = compiler.Plan(catalog, revision);
        problems = compiler._problems;
        return problems.Count == 0 ? plan : null;
    }

    private DecisionPlan Plan(ItemCatalog catalog, long revision)
    {
        var segments = _segments.All();
        _features.Check(_segments.Features);
        _predictors.Check(_segments.Features);
        var experiences = new Dictionary<string, Experience>(StringComparer.Ordinal);
        foreach (var document in _set.Of(ConfigurationKind.Experience))
        {
            experiences[document.Id] = ExperienceReader.Read(document.Id, document.Body, PathOf(document), _problems);
        }

        var experiments = new List<(string Placement, Experiment Experiment, IEnumerable<Feature> Features)>();
        var reader = new ExperimentReader(experiences, _words, Audience, _problems);
        foreach (var document in _set.Of(ConfigurationKind.Experiment))
        {
            if (reader.Read(document.Id, document.Body, PathOf(document)) is { } read)
            {
                if (_set.Find(ConfigurationKind.Placement, read.Placement) is null)
                {
                    _problems.Add(new Problem(
                        Problem.Under(PathOf(document), "placement"), "unknown_reference", $"There is no placement \"{read.Placement}\"."));
                }

                if (read.IsRunning)
                {
                    experiments.Add((read.Placement, read.Experiment, FeaturesOf(read.Experiment.Audience)));
                }
            }
        }

        var placements = new List<Placement>();
        foreach (var document in _set.Of(ConfigurationKind.Placement))
        {
            var here = experiments.Where(entry => entry.Placement == document.Id).ToArray();
            var read = PlacementReader.Read(document.Body, PathOf(document), experiences, Audience, _problems);
            placements.Add(new Placement
            {
                Name = document.Id,
                Experiments = [.. here.Select(entry => entry.Experiment)],
                Choices = read.Choices,
                TtlMilliseconds = read.TtlMilliseconds,
                Features = [.. here.SelectMany(entry => entry.Features).Concat(read.Choices.SelectMany(choice => FeaturesOf(choice.Audience))).Distinct()],
            });
        }

        _segments.Features.Complete(segments);
        return new DecisionPlan
        {
            Revision = revision,
            Placements = placements.ToFrozenDictionary(placement => placement.Name, StringComparer.Ordinal),
            PlacementNames = [.. placements.Select(placement => placement.Name)],
            Segments = segments,
            Features = _segments.Features,
            Contributions = _features.Rules,
            Schemas = SchemaReader.ReadAll(_set, _problems),
            Catalog = catalog,
            Retention = RetentionReader.Read(_set.Of(ConfigurationKind.Retention), _problems),
        };
    }

    private Condition<DecisionContext>? Audience(JsonElement json, string path) =>
        ConditionCompiler.Compile(json, path, _segments.Features, _problems);

    private IEnumerable<Feature> FeaturesOf(Condition<DecisionContext>? condition) =>
        (condition?.Paths ?? []).Select(path => _segments.Features.Find(path, out _)!);

    private static string PathOf(ConfigurationDocument document) => $"{document.Kind.PluralName()}.{document.Id}";
}
