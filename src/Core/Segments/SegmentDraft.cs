using System.Text.Json;
using Personalization.Core.Configuration;

namespace Personalization.Core.Segments;

/// <summary>A segment to be tried before it is saved.</summary>
/// <param name="Definition">Its condition, compiled among the segments there are.</param>
/// <param name="Replaces">The id of the segment that it would replace; null for a new one.</param>
/// <param name="Sample">How many people to ask.</param>
public sealed record SegmentDraft(SegmentDefinition Definition, string? Replaces, int Sample)
{
    /// <summary>How many people are asked where the request doesn't say.</summary>
    public const int UsualSample = 20_000;

    /// <summary>The most people that are asked.</summary>
    public const int MostSample = 100_000;

    // No segment can have this id, because ids begin with a letter or digit.
    private const string NewId = "$preview";

    /// <summary>Reads <c>{"condition":…,"replaces"?:"id","sample"?:20000}</c>.</summary>
    /// <param name="json">The request.</param>
    /// <param name="state">The configuration that it is tried in.</param>
    /// <param name="problems">Receives everything that is wrong; then the answer is null.</param>
    public static SegmentDraft? Read(JsonElement json, ConfigurationState state, ICollection<Problem> problems)
    {
        var before = problems.Count;
        var reader = new DocumentReader(json, "", problems);
        var condition = reader.Element("condition", required: true);
        var replaces = reader.Text("replaces");
        var sample = reader.Whole("sample", 1, MostSample) ?? UsualSample;
        reader.Text("description", 1000);
        reader.Finish();
        if (replaces is not null && state.Set.Find(ConfigurationKind.Segment, replaces) is null)
        {
            reader.Fault("replaces", "unknown_reference", $"There is no segment \"{replaces}\".");
        }

        if (problems.Count > before || condition is not { } element)
        {
            return null;
        }

        if (JsonTextFault(element) is { } fault)
        {
            problems.Add(fault);
            return null;
        }

        var id = replaces ?? NewId;
        var faults = new List<Problem>();
        var body = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["condition"] = element }, SegmentDraftJson.Default.DictionaryStringJsonElement);
        var set = state.Set.With([new ConfigurationDocument(ConfigurationKind.Segment, id, body, 0)], []);
        var definition = ConfigurationCompiler.CompileSegment(set, id, faults);
        var prefix = $"segments.{id}.";
        foreach (var problem in faults)
        {
            problems.Add(problem.Path.StartsWith(prefix, StringComparison.Ordinal) ? problem with { Path = problem.Path[prefix.Length..] } : problem);
        }

        return definition is null || faults.Count > 0 ? null : new SegmentDraft(definition, replaces, sample);
    }

    private static Problem? JsonTextFault(JsonElement element) => Conditions.JsonText.FindMalformed(element, "condition") is { } path
        ? new Problem(path, "invalid_text", "The text is not well-formed Unicode.")
        : null;
}

/// <summary>How a draft's document is written.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class SegmentDraftJson : System.Text.Json.Serialization.JsonSerializerContext;
