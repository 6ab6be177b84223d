using System.Text.Json;
using Personalization.Core.Conditions;

namespace Personalization.Core.Tests.Conditions;

/// <summary>Compiles and asks conditions written as JSON.</summary>
internal static class Ask
{
    public static bool Matches(string condition, string document)
    {
        var problems = new List<Problem>();
        var compiled = ConditionCompiler.Compile(Json(condition), "condition", JsonAttributeBinder.Instance, problems);
        Assert.Empty(problems);
        return compiled!.Matches(Json(document));
    }

    public static List<Problem> Problems(string condition)
    {
        var problems = new List<Problem>();
        var compiled = ConditionCompiler.Compile(Json(condition), "audience", VisitorBinder.Instance, problems);
        Assert.Equal(problems.Count > 0, compiled is null);
        return problems;
    }

    public static Problem OnlyProblem(string condition) => Assert.Single(Problems(condition));

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.Clone();
    }
}
