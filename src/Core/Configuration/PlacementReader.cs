using System.Text.Json;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Configuration;

/// <summary>Reads a placement: <c>{"experiences": [{"id", "audience"?}], "ttlMs"?}</c>.</summary>
internal static class PlacementReader
{
    private const int MostChoices = 100;
    private const int MostTtlMilliseconds = 24 * 60 * 60 * 1000;

    public static (IReadOnlyList<Choice> Choices, int TtlMilliseconds) Read(
        JsonElement json,
        string path,
        IReadOnlyDictionary<string, Experience> experiences,
        Func<JsonElement, string, Condition<DecisionContext>?> audience,
        ICollection<Problem> problems)
    {
        var reader = new DocumentReader(json, path, problems);
        reader.Text("description", 1000);
        var ttl = reader.Whole("ttlMs", 0, MostTtlMilliseconds) ?? 0;
        var choices = new List<Choice>();
        foreach (var (element, at) in reader.List("experiences", MostChoices) ?? [])
        {
            var choice = new DocumentReader(element, at, problems);
            var id = choice.Text("id", required: true);
            var condition = choice.Element("audience") is { } wanted ? audience(wanted, choice.PathOf("audience")) : null;
            choice.Finish();
            if (id is null)
            {
                continue;
            }

            if (experiences.TryGetValue(id, out var experience))
            {
                choices.Add(new Choice(experience, condition));
            }
            else
            {
                choice.Fault("id", "unknown_reference", $"There is no experience \"{id}\".");
            }
        }

        reader.Finish();
        return (choices, ttl);
    }
}
