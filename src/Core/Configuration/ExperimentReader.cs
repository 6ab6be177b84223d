using System.Text.Json;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Experiments;

namespace Personalization.Core.Configuration;

/// <summary>
/// Reads an experiment with a fixed split: <c>{"placement", "status"?, "version"?, "seed"?, "hashVersion"?, "assignBy"?, "coverage"?,
/// "audience"?, "variants": [{"key", "weight", "experience"?}]}</c>.
/// </summary>
internal sealed class ExperimentReader(
    IReadOnlyDictionary<string, Experience> experiences,
    Vocabulary words,
    Func<JsonElement, string, Condition<DecisionContext>?> audience,
    ICollection<Problem> problems)
{
    private const int MostVariants = 64;
    private const double WeightTolerance = 1e-6;

    public sealed record Outcome(string Placement, bool IsRunning, Experiment Experiment);

    public Outcome? Read(string id, JsonElement json, string path)
    {
        var faults = problems.Count;
        var reader = new DocumentReader(json, path, problems);
        reader.Text("description", 1000);
        var placement = reader.Text("placement", required: true);
        var status = reader.Word("status", "draft", "running", "stopped") ?? "draft";
        var version = reader.Whole("version", 1, int.MaxValue) ?? 1;
        var seed = reader.Text("seed") ?? id;
        var hashVersion = reader.Whole("hashVersion", 1, 2) ?? 2;
        var assignBy = reader.Word("assignBy", "device", "person") ?? "device";
        var coverage = reader.Number("coverage", 0, 1) ?? 1;
        var condition = reader.Element("audience") is { } wanted ? audience(wanted, reader.PathOf("audience")) : null;
        var variants = Variants(reader);
        reader.Finish();
        if (problems.Count > faults)
        {
            return null;
        }

        return new Outcome(placement!, status == "running", new Experiment
        {
            Id = id,
            Symbol = words.Number(id),
            Version = version,
            Seed = seed,
            HashVersion = hashVersion,
            AssignBy = assignBy == "person" ? AssignmentUnit.Person : AssignmentUnit.Device,
            Audience = condition,
            Variants = variants,
            Ranges = Bucketing.Ranges(variants.Count, coverage, [.. variants.Select(variant => variant.Weight)]),
        });
    }

    private List<Variant> Variants(DocumentReader reader)
    {
        var variants = new List<Variant>();
        var list = reader.List("variants", MostVariants, required: true);
        if (list is null or { Count: < 2 })
        {
            if (list is not null)
            {
                reader.Fault("variants", "too_few", "An experiment has at least two variants.");
            }

            return variants;
        }

        foreach (var (element, path) in list)
        {
            var member = new DocumentReader(element, path, problems);
            var key = member.Text("key", required: true);
            var weight = member.Number("weight", 0, 1, required: true);
            var shows = member.Text("experience");
            member.Finish();
            if (key is not null && variants.Any(variant => variant.Key == key))
            {
                member.Fault("key", "duplicate", $"There are two variants \"{key}\".");
            }

            Experience? experience = null;
            if (shows is not null && !experiences.TryGetValue(shows, out experience))
            {
                member.Fault("experience", "unknown_reference", $"There is no experience \"{shows}\".");
            }

            variants.Add(new Variant(key ?? "", words.Number(key ?? ""), weight ?? 0, experience));
        }

        var sum = variants.Sum(variant => variant.Weight);
        if (Math.Abs(sum - 1) > WeightTolerance)
        {
            reader.Fault("variants", "weights_sum", FormattableString.Invariant($"The weights sum to {sum:0.######}; they must sum to 1."));
        }

        return variants;
    }
}
