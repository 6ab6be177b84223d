using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Patches;

namespace Personalization.Core.Configuration;

/// <summary>Reads an experience: <c>{"patches"} or {"recommend", "template"|"output"}</c>.</summary>
internal static class ExperienceReader
{
    private const int DefaultLimit = 8;

    public static Experience Read(string id, JsonElement json, string path, ICollection<Problem> problems)
    {
        var reader = new DocumentReader(json, path, problems);
        reader.Text("description", 1000);
        var patches = reader.Element("patches") is { } list ? PatchReader.ReadList(list, reader.PathOf("patches"), problems) : null;
        var recommend = reader.Element("recommend") is { } spec ? Recommend(spec, reader.PathOf("recommend"), problems) : null;
        var template = reader.Element("template") is { } html
            ? TemplatePatchReader.Read<Item>(html, reader.PathOf("template"), ItemFields.Bind, problems)
            : null;
        var output = reader.Word("output", "patches", "items");
        if (recommend is null && (template is not null || output is not null))
        {
            reader.Fault("recommend", "required", "A template or an output needs items, which \"recommend\" chooses.");
        }

        if (output == "items" && template is not null)
        {
            reader.Fault("output", "conflict", "An experience shows its items in a template or leaves that to the caller, not both.");
        }

        reader.Finish();
        return new Experience
        {
            Id = id,
            Patches = patches ?? [],
            Recommend = recommend,
            Template = template is null ? null : new ItemTemplate(template),
            ItemsOnly = output == "items",
        };
    }

    private static Recommendation Recommend(JsonElement json, string path, ICollection<Problem> problems)
    {
        var reader = new DocumentReader(json, path, problems);
        var strategies = new List<RecommendStrategy>();
        foreach (var (element, at) in reader.List("strategies", 3) ?? [])
        {
            RecommendStrategy? strategy = (element.ValueKind == JsonValueKind.String ? element.GetString() : null) switch
            {
                "next" => RecommendStrategy.Next,
                "trending" => RecommendStrategy.Trending,
                "popular" => RecommendStrategy.Popular,
                _ => null,
            };
            if (strategy is { } known)
            {
                strategies.Add(known);
            }
            else
            {
                problems.Add(new Problem(at, "unknown_value", "A strategy is next, trending or popular."));
            }
        }

        var limit = reader.Whole("limit", 1, Recommendation.MostItems) ?? DefaultLimit;
        var excludeSeen = reader.Flag("excludeSeen") ?? true;
        var filter = reader.Element("filter") is { } condition
            ? ConditionCompiler.Compile(condition, reader.PathOf("filter"), new ItemAttributeBinder(), problems)
            : null;
        reader.Finish();
        return new Recommendation
        {
            Strategies = strategies.Count > 0 ? strategies : [RecommendStrategy.Next, RecommendStrategy.Trending, RecommendStrategy.Popular],
            Limit = limit,
            ExcludeSeen = excludeSeen,
            Filter = filter,
        };
    }
}
