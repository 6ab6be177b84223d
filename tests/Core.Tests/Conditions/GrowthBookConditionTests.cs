using System.Text.Json;
using Personalization.Core.Conditions;

namespace Personalization.Core.Tests.Conditions;

/// <summary>The category <c>evalCondition</c> of GrowthBook's published cases (sdk-js/test/cases.json, specification 0.8.0).</summary>
public sealed class GrowthBookConditionTests
{
    // GrowthBook answers false to these at evaluation; here their author is told. All of them expect false.
    private static readonly Dictionary<string, string> RefusedWhenCompiled = new()
    {
        ["unknown operator - pass"] = "unknown_operator",
        ["$regex invalid - pass"] = "invalid_regex",
        ["$regex invalid - fail"] = "invalid_regex",
        ["$in - not array"] = "invalid_operand",
        ["$nin - not array"] = "invalid_operand",
        ["$ini - not array"] = "invalid_operand",
        ["$nini - not array"] = "invalid_operand",
    };

    [SharedFact("vectors/growthbook_cases.json")]
    public void Every_published_case_gives_the_published_answer_on_a_json_document() =>
        AssertEveryCase(JsonAttributeBinder.Instance, attributes => attributes);

    [SharedFact("vectors/growthbook_cases.json")]
    public void Every_published_case_gives_the_published_answer_on_an_unpacked_document() =>
        AssertEveryCase(AttributeValueBinder.Instance, AttributeValue.FromJson);

    private static void AssertEveryCase<TSource>(IAttributeBinder<TSource> binder, Func<JsonElement, TSource> source)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.FilePath("vectors/growthbook_cases.json")));
        var failures = new List<string>();
        var refused = new HashSet<string>();
        var count = 0;

        foreach (var vector in document.RootElement.GetProperty("evalCondition").EnumerateArray())
        {
            count++;
            var name = vector[0].GetString()!;
            var expected = vector[3].GetBoolean();
            var problems = new List<Problem>();
            var groups = vector.GetArrayLength() > 4 ? SavedGroups.FromJson(vector[4], "savedGroups", problems) : null;
            var condition = ConditionCompiler.Compile(vector[1], "condition", binder, problems, groups);

            if (RefusedWhenCompiled.TryGetValue(name, out var code))
            {
                refused.Add(name);
                if (condition is not null || expected || problems.Count != 1 || problems[0].Code != code)
                {
                    failures.Add($"{name}: should be refused with {code}, got {string.Join("; ", problems)}");
                }
            }
            else if (condition is null)
            {
                failures.Add($"{name}: refused with {string.Join("; ", problems)}");
            }
            else if (condition.Matches(source(vector[2])) != expected)
            {
                failures.Add($"{name}: expected {expected}");
            }
        }

        Assert.Empty(failures);
        Assert.Equal(248, count);
        Assert.Equal(RefusedWhenCompiled.Count, refused.Count);
    }
}
