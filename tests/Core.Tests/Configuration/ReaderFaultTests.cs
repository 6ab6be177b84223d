namespace Personalization.Core.Tests.Configuration;

public sealed class ReaderFaultTests
{
    [Theory]
    [InlineData("{}", "condition", "required")]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("""{"condition": null}""", "condition", "required")]
    [InlineData("""{"condition": {"events.view.1h": 1}, "conditions": {}}""", "conditions", "unknown_field")]
    [InlineData("""{"condition": {"events.view.2h": 1}}""", "condition.events.view.2h", "unknown_attribute")]
    [InlineData("""{"condition": {"affinity.colour.red": 1}}""", "condition.affinity.colour.red", "unknown_attribute")]
    [InlineData("""{"condition": {"context": 1}}""", "condition.context", "unknown_attribute")]
    [InlineData("""{"condition": {"events.view.1h": {"$gtt": 1}}}""", "condition.events.view.1h.$gtt", "unknown_operator")]
    [InlineData("""{"condition": {"segments.missing": true}}""", "condition.segments.missing", "unknown_attribute")]
    [InlineData("""{"condition": {"segments.s": true}}""", "condition.segments.s", "unknown_attribute")]
    [InlineData("""{"condition": {"profile.known": true}, "description": 7}""", "description", "invalid_type")]
    [InlineData("""{"condition": {"profile.known": true}, "description": ""}""", "description", "invalid_text")]
    [InlineData("""{"condition": {"profile.known": true}, "description": "a\u0007"}""", "description", "invalid_text")]
    [InlineData("""{"condition": {"profile.known": true}, "description": "\uD800"}""", "description", "invalid_text")]
    [InlineData("""{"condition": {"profile.known": true}, "\uD800\uD800\uD800\uD800": 1}""", "", "invalid_text")]
    public void A_faulty_segment_is_told_by_its_path(string body, string path, string code) =>
        AssertFault("segments", "s", body, path, code);

    [Theory]
    [InlineData("5", "", "invalid_type")]
    [InlineData("""{"patch": []}""", "patch", "unknown_field")]
    [InlineData("""{"patches": [{"op": "explode", "selector": "h1"}]}""", "patches[0].op", "unknown_op")]
    [InlineData("""{"patches": [{"op": "hide", "selector": "h1"}, {"op": "hide", "selector": ">>"}]}""", "patches[1].selector", "invalid_selector")]
    [InlineData("""{"recommend": []}""", "recommend", "invalid_type")]
    [InlineData("""{"recommend": {"limit": 0}, "output": "items"}""", "recommend.limit", "out_of_range")]
    [InlineData("""{"recommend": {"limit": 101}, "output": "items"}""", "recommend.limit", "out_of_range")]
    [InlineData("""{"recommend": {"limit": 2.5}, "output": "items"}""", "recommend.limit", "invalid_type")]
    [InlineData("""{"recommend": {"limit": 1e999}, "output": "items"}""", "recommend.limit", "out_of_range")]
    [InlineData("""{"recommend": {"limit": "8"}, "output": "items"}""", "recommend.limit", "invalid_type")]
    [InlineData("""{"recommend": {"strategies": "next"}, "output": "items"}""", "recommend.strategies", "invalid_type")]
    [InlineData("""{"recommend": {"strategies": ["next", "best"]}, "output": "items"}""", "recommend.strategies[1]", "unknown_value")]
    [InlineData("""{"recommend": {"strategies": ["candidate"]}, "output": "items"}""", "recommend.strategies[0]", "unknown_value")]
    [InlineData("""{"recommend": {"strategies": [7]}, "output": "items"}""", "recommend.strategies[0]", "unknown_value")]
    [InlineData("""{"recommend": {"strategies": ["next", "next", "next", "next"]}, "output": "items"}""", "recommend.strategies", "too_many")]
    [InlineData("""{"recommend": {"excludeSeen": "yes"}, "output": "items"}""", "recommend.excludeSeen", "invalid_type")]
    [InlineData("""{"recommend": {"filter": {"colour": 1}}, "output": "items"}""", "recommend.filter.colour", "unknown_attribute")]
    [InlineData("""{"recommend": {"top": 3}, "output": "items"}""", "recommend.top", "unknown_field")]
    [InlineData("""{"recommend": {}, "output": "html"}""", "output", "unknown_value")]
    [InlineData("""{"output": "items"}""", "recommend", "required")]
    [InlineData("""{"template": {"op": "setHtml", "selector": "#r", "html": "{{#items}}{{title}}{{/items}}"}}""", "recommend", "required")]
    [InlineData("""{"recommend": {}, "template": {"op": "hide", "selector": "#r"}}""", "template.op", "op_without_html")]
    [InlineData("""{"recommend": {}, "template": {"op": "setHtml", "selector": "#r", "html": "{{#items}}{{color}}{{/items}}"}}""", "template.html", "unknown_field")]
    [InlineData(
        """{"recommend": {}, "output": "items", "template": {"op": "setHtml", "selector": "#r", "html": "{{#items}}{{title}}{{/items}}"}}""",
        "output", "conflict")]
    public void A_faulty_experience_is_told_by_its_path(string body, string path, string code) =>
        AssertFault("experiences", "e", body, path, code);

    [Theory]
    [InlineData("null", "", "invalid_type")]
    [InlineData("""{"experiences": {}}""", "experiences", "invalid_type")]
    [InlineData("""{"experiences": ["e"]}""", "experiences[0]", "invalid_type")]
    [InlineData("""{"experiences": [{}]}""", "experiences[0].id", "required")]
    [InlineData("""{"experiences": [{"id": ""}]}""", "experiences[0].id", "invalid_text")]
    [InlineData("""{"experiences": [{"id": "missing"}]}""", "experiences[0].id", "unknown_reference")]
    [InlineData("""{"experiences": [{"id": "known"}, {"id": "known", "audience": {"nothing": 1}}]}""", "experiences[1].audience.nothing", "unknown_attribute")]
    [InlineData("""{"experiences": [{"id": "known", "audience": []}]}""", "experiences[0].audience", "invalid_operand")]
    [InlineData("""{"experiences": [{"id": "known", "audiences": {}}]}""", "experiences[0].audiences", "unknown_field")]
    [InlineData("""{"ttlMs": -1}""", "ttlMs", "out_of_range")]
    [InlineData("""{"ttlMs": 86400001}""", "ttlMs", "out_of_range")]
    [InlineData("""{"ttlMs": 1.5}""", "ttlMs", "invalid_type")]
    [InlineData("""{"ttl": 5}""", "ttl", "unknown_field")]
    public void A_faulty_placement_is_told_by_its_path(string body, string path, string code) =>
        AssertFault("placements", "p", body, path, code, "\"experiences\": {\"known\": {}}");

    [Theory]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("""{"variants": VARIANTS}""", "placement", "required")]
    [InlineData("""{"placement": 7, "variants": VARIANTS}""", "placement", "invalid_type")]
    [InlineData("""{"placement": "missing", "variants": VARIANTS}""", "placement", "unknown_reference")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "status": "paused"}""", "status", "unknown_value")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "version": 0}""", "version", "out_of_range")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "version": 3000000000}""", "version", "out_of_range")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "version": "2"}""", "version", "invalid_type")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "hashVersion": 3}""", "hashVersion", "out_of_range")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "coverage": 1.01}""", "coverage", "out_of_range")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "seed": ""}""", "seed", "invalid_text")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "audience": {"segments.none": true}}""", "audience.segments.none", "unknown_attribute")]
    [InlineData("""{"placement": "known", "variants": VARIANTS, "weights": []}""", "weights", "unknown_field")]
    [InlineData("""{"placement": "known"}""", "variants", "required")]
    [InlineData("""{"placement": "known", "variants": {}}""", "variants", "invalid_type")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 1}]}""", "variants", "too_few")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 0.5}, {"weight": 0.5}]}""", "variants[1].key", "required")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 0.5}, {"key": "a", "weight": 0.5}]}""", "variants[1].key", "duplicate")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 1}, {"key": "b"}]}""", "variants[1].weight", "required")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 1}, {"key": "b", "weight": null}]}""", "variants[1].weight", "required")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 1}, {"key": "b", "weight": -0.1}]}""", "variants[1].weight", "out_of_range")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 1}, {"key": "b", "weight": "0"}]}""", "variants[1].weight", "invalid_type")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 0.5}, {"key": "b", "weight": 0.49999}]}""", "variants", "weights_sum")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 0.6}, {"key": "b", "weight": 0.6}]}""", "variants", "weights_sum")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 0.5}, {"key": "b", "weight": 0.5, "experience": "none"}]}""", "variants[1].experience", "unknown_reference")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 0.5}, {"key": "b", "weight": 0.5, "wieght": 1}]}""", "variants[1].wieght", "unknown_field")]
    [InlineData("""{"placement": "known", "variants": [{"key": "a", "weight": 1}, 5]}""", "variants[1]", "invalid_type")]
    public void A_faulty_experiment_is_told_by_its_path(string body, string path, string code) => AssertFault(
        "experiments", "x", body.Replace("VARIANTS", """[{"key": "a", "weight": 0.5}, {"key": "b", "weight": 0.5}]""", StringComparison.Ordinal), path, code,
        "\"placements\": {\"known\": {}}");

    [Fact]
    public void Weights_may_miss_1_by_what_doubles_do()
    {
        var thirds = string.Join(", ", Enumerable.Range(0, 3).Select(i => $"{{\"key\": \"v{i}\", \"weight\": 0.3333333}}"));
        var tenths = string.Join(", ", Enumerable.Range(0, 10).Select(i => $"{{\"key\": \"v{i}\", \"weight\": 0.1}}"));

        Assert.Empty(Documents.FaultsOf($"{{\"placements\": {{\"p\": {{}}}}, \"experiments\": {{\"x\": {{\"placement\": \"p\", \"variants\": [{thirds}]}}}}}}"));
        Assert.Empty(Documents.FaultsOf($"{{\"placements\": {{\"p\": {{}}}}, \"experiments\": {{\"x\": {{\"placement\": \"p\", \"variants\": [{tenths}]}}}}}}"));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var faults = Documents.FaultsOf(
            """
            {"segments": {"a": {"condition": {"nothing": 1}}, "b": {"condition": {"segments.a": true}}},
             "experiences": {"e": {"output": "paper"}},
             "placements": {"p": {"experiences": [{"id": "e"}, {"id": "f"}], "ttlMs": -5, "x": 1}},
             "experiments": {"x": {"placement": "q", "variants": [{"key": "a", "weight": 0.5, "experience": "e"}, {"key": "b", "weight": 0.5}]}}}
            """);

        Assert.Equal(
            [
                ("segments.a.condition.nothing", "unknown_attribute"),
                ("segments.b.condition.segments.a", "unknown_attribute"),
                ("experiences.e.output", "unknown_value"),
                ("experiments.x.placement", "unknown_reference"),
                ("placements.p.ttlMs", "out_of_range"),
                ("placements.p.experiences[1].id", "unknown_reference"),
                ("placements.p.x", "unknown_field"),
            ],
            faults);
    }

    [Fact]
    public void Segments_may_refer_to_one_another_but_not_in_a_circle()
    {
        Assert.Empty(Documents.FaultsOf(
            """
            {"segments": {"a": {"condition": {"segments.z": true}}, "m": {"condition": {"$or": [{"segments.a": true}, {"segments.z": false}]}},
              "z": {"condition": {"profile.known": true}}}}
            """));

        var problems = new List<Problem>();
        var documents = new Documents();
        documents.Put(Core.Configuration.ConfigurationKind.Segment, "c", """{"condition": {"profile.known": true}}""");
        var change = Core.Configuration.ChangeReader.Read(
            System.Text.Json.JsonElement.Parse(
                """{"segments": {"a": {"condition": {"segments.b": true}}, "b": {"condition": {"segments.c": true}}, "c": {"condition": {"segments.a": true}}}}"""),
            problems);
        var outcome = documents.Apply(change);

        Assert.Contains(outcome.Problems, problem =>
            problem.Path == "segments.c.condition.segments.a" && problem.Detail.Contains("a → b → c → a", StringComparison.Ordinal));
        Assert.Equal(1, documents.State.Plan.Revision);
    }

    [Theory]
    [InlineData(16, true, true)]
    [InlineData(17, true, false)]
    [InlineData(16, false, true)]
    [InlineData(17, false, false)]
    [InlineData(5_000, true, false)]
    [InlineData(5_000, false, false)]
    public void A_row_of_segments_that_refer_to_one_another_has_an_end(int length, bool firstRefersToSecond, bool taken)
    {
        var segments = Enumerable.Range(0, length).Select(i =>
        {
            var next = firstRefersToSecond ? i + 1 : i - 1;
            var condition = next < 0 || next == length ? "\"profile.known\": true" : $"\"segments.s{next:0000}\": true";
            return $"\"s{i:0000}\": {{\"condition\": {{{condition}}}}}";
        });

        var faults = Documents.FaultsOf($"{{\"segments\": {{{string.Join(", ", segments)}}}}}");

        Assert.Equal(taken, faults.Length == 0);
    }

    private static void AssertFault(string kind, string id, string body, string path, string code, string others = "\"placements\": {}")
    {
        var faults = Documents.FaultsOf($"{{{others}, \"{kind}\": {{\"{id}\": {body}}}}}");

        var start = path.Length == 0 || path[0] == '[' ? $"{kind}.{id}{path}" : $"{kind}.{id}.{path}";
        Assert.Equal((start, code), Assert.Single(faults));
    }
}
