using System.Text.Json;
using Personalization.Core.Conditions;

namespace Personalization.Core.Tests.Conditions;

public sealed class ConditionCompilerTests
{
    [Fact]
    public void A_mistyped_operator_is_refused_where_it_stands_and_the_nearest_is_named()
    {
        var problem = Ask.OnlyProblem("""{"$and":[{"country":"DE"},{"price":{"$gtee":5}}]}""");

        Assert.Equal("audience.$and[1].price.$gtee", problem.Path);
        Assert.Equal("unknown_operator", problem.Code);
        Assert.Contains("'$gte'", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$regx", "$regex")]
    [InlineData("$exist", "$exists")]
    [InlineData("$notin", "$nin")]
    [InlineData("$elemmatch", "$elemMatch")]
    [InlineData("$ltg", "$lt")]
    [InlineData("$iin", "$in")]
    public void The_nearest_operator_has_the_fewest_edits(string written, string nearest)
    {
        var problem = Ask.OnlyProblem($$"""{"price": {"{{written}}": 1} }""");

        Assert.Contains($"nearest is '{nearest}'", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$ro", "$or")]
    [InlineData("$an", "$and")]
    [InlineData("$xor", "$or")]
    public void A_mistyped_join_is_refused_even_where_any_attribute_may_exist(string written, string nearest)
    {
        var problems = new List<Problem>();

        Assert.Null(ConditionCompiler.Compile(Ask.Json($$"""{"{{written}}":[{"a":1}]}"""), "c", JsonAttributeBinder.Instance, problems));

        var problem = Assert.Single(problems);
        Assert.Equal(($"c.{written}", "unknown_operator"), (problem.Path, problem.Code));
        Assert.Contains($"'{nearest}'", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_reported_not_only_the_first()
    {
        var problems = Ask.Problems("""
            {
              "counrty": "DE",
              "price": {"$gtt": 5, "$lt": [1]},
              "$or": [{"tags": {"$all": 3}}, 7, {"$not": {"member": {"$exists": "yes"}}}],
              "$nor": {},
              "country": {"$regex": "(", "$in": ["DE", ["FR"]]}
            }
            """);

        Assert.Equal(
            [
                ("audience.counrty", "unknown_attribute"),
                ("audience.price.$gtt", "unknown_operator"),
                ("audience.price.$lt", "invalid_operand"),
                ("audience.$or[0].tags.$all", "invalid_operand"),
                ("audience.$or[1]", "invalid_operand"),
                ("audience.$or[2].$not.member.$exists", "invalid_operand"),
                ("audience.$nor", "invalid_operand"),
                ("audience.country.$regex", "invalid_regex"),
                ("audience.country.$in[1]", "invalid_operand"),
            ],
            problems.Select(problem => (problem.Path, problem.Code)));
    }

    [Theory]
    [InlineData("""{"colour":"red"}""", "There is no attribute 'colour'.")]
    [InlineData("""{"counrty":"DE"}""", "There is no attribute 'counrty'; the nearest is 'country'.")]
    public void An_attribute_that_does_not_exist_is_refused_in_the_words_of_the_binder(string condition, string detail)
    {
        var problem = Ask.OnlyProblem(condition);

        Assert.Equal("unknown_attribute", problem.Code);
        Assert.Equal(detail, problem.Detail);
    }

    [Theory]
    [InlineData("[]", "audience", "invalid_operand")]
    [InlineData("""{"$gt":5}""", "audience.$gt", "misplaced_operator")]
    [InlineData("""{"price":{"$or":[{"$gt":5}]}}""", "audience.price.$or", "misplaced_operator")]
    [InlineData("""{"tags":{"$elemMatch":{"$and":[]}}}""", "audience.tags.$elemMatch.$and", "misplaced_operator")]
    [InlineData("""{"price":{"$gt":5,"lt":7}}""", "audience.price.lt", "invalid_operand")]
    [InlineData("""{"price":5,"price":6}""", "audience.price", "duplicate_member")]
    [InlineData("""{"price":{"$gt":null}}""", "audience.price.$gt", "invalid_operand")]
    [InlineData("""{"tags":{"$eq":["a"]}}""", "audience.tags.$eq", "invalid_operand")]
    [InlineData("""{"tags":{"$size":"3"}}""", "audience.tags.$size", "invalid_operand")]
    [InlineData("""{"tags":{"$elemMatch":"a"}}""", "audience.tags.$elemMatch", "invalid_operand")]
    [InlineData("""{"price":{"$type":"double"}}""", "audience.price.$type", "invalid_operand")]
    [InlineData("""{"price":{"$inGroup":["a"]}}""", "audience.price.$inGroup", "invalid_operand")]
    [InlineData("""{"price":{"$veq":true}}""", "audience.price.$veq", "invalid_operand")]
    [InlineData("""{"country":{"$regex":5}}""", "audience.country.$regex", "invalid_operand")]
    [InlineData("""{"country":{"$regex":"\\Aa"}}""", "audience.country.$regex", "invalid_regex")]
    [InlineData("""{"country":{"$in":["DE","\ud800"]}}""", "audience.country.$in[1]", "invalid_text")]
    public void A_faulty_condition_is_refused_where_the_fault_is(string condition, string path, string code)
    {
        var problem = Ask.OnlyProblem(condition);

        Assert.Equal((path, code), (problem.Path, problem.Code));
    }

    [Fact]
    public void A_missing_condition_is_refused() => Assert.Null(
        ConditionCompiler.Compile(default, "c", JsonAttributeBinder.Instance, new List<Problem>()));

    [Fact]
    public void Conditions_nest_as_deep_as_the_limit_and_no_deeper()
    {
        // The attribute's test is one level below the condition that names it.
        Assert.Empty(Ask.Problems(Nested(ConditionCompiler.MaxDepth - 2)));

        var problem = Ask.OnlyProblem(Nested(ConditionCompiler.MaxDepth - 1));
        Assert.Equal("too_deep", problem.Code);
        Assert.EndsWith(".$not.price.$gt", problem.Path, StringComparison.Ordinal);

        Assert.Equal("too_deep", Ask.OnlyProblem(Nested(200)).Code);

        static string Nested(int depth) =>
            string.Concat(Enumerable.Repeat("{\"$not\":", depth)) + "{\"price\":{\"$gt\":1}}" + new string('}', depth);
    }

    [Fact]
    public void Operators_count_towards_the_nesting_limit() => Assert.Equal(
        "too_deep",
        Ask.OnlyProblem("{\"price\":" + string.Concat(Enumerable.Repeat("{\"$not\":", 40)) + "1" + new string('}', 41)).Code);

    [Fact]
    public void A_condition_has_as_many_parts_as_the_limit_and_no_more()
    {
        // The whole condition and its '$or' are two parts, each alternative three: itself, its attribute and its operator.
        Assert.Empty(Ask.Problems(Alternatives((ConditionCompiler.MaxNodes - 2) / 3)));

        var problem = Ask.OnlyProblem(Alternatives(ConditionCompiler.MaxNodes));
        Assert.Equal(("audience", "too_large"), (problem.Path, problem.Code));

        static string Alternatives(int count) =>
            "{\"$or\":[" + string.Join(',', Enumerable.Repeat("{\"price\":{\"$gt\":1}}", count)) + "]}";
    }

    [Theory]
    [InlineData("{\"$or\":[", "7", "]}")]
    [InlineData("{\"price\":{\"$in\":[", "[]", "]}}")]
    [InlineData("{\"tags\":{\"$all\":[", "{\"$x\":1}", "]}}")]
    [InlineData("{\"price\":{", "\"$x\":1", "}}")]
    public void The_number_of_problems_is_bounded(string start, string fault, string end) => Assert.InRange(
        Ask.Problems(start + string.Join(',', Enumerable.Repeat(fault, 20_000)) + end).Count,
        1,
        ConditionCompiler.MaxNodes + 1);

    [Fact]
    public void A_long_list_is_one_part() =>
        Assert.Empty(Ask.Problems("{\"price\":{\"$in\":[" + string.Join(',', Enumerable.Range(0, 5_000)) + "]}}"));

    [Fact]
    public void A_condition_names_the_attributes_it_reads_once_each()
    {
        var problems = new List<Problem>();
        var condition = ConditionCompiler.Compile(
            Ask.Json("""{"price":{"$gt":1},"$or":[{"country":"DE"},{"price":0}],"tags":{"$elemMatch":{"name":"a"}}}"""),
            "c",
            VisitorBinder.Instance,
            problems);

        Assert.Equal(["price", "country", "tags"], condition!.Paths);
    }

    [Fact]
    public void A_condition_outlives_the_document_it_was_written_in()
    {
        Condition<JsonElement> condition;
        using (var document = JsonDocument.Parse("""{"tags":["a",{"b":1}]}"""))
        {
            condition = ConditionCompiler.Compile(document.RootElement, "c", JsonAttributeBinder.Instance, new List<Problem>())!;
        }

        Assert.True(condition.Matches(Ask.Json("""{"tags":["a",{"b":1}]}""")));
    }

    [Fact]
    public void A_malformed_saved_group_is_refused_where_the_fault_is()
    {
        var problems = new List<Problem>();

        Assert.Null(SavedGroups.FromJson(Ask.Json("""{"a":1,"b":["x",["y"]],"c":["z"]}"""), "groups", problems));
        Assert.Equal(["groups.a", "groups.b[1]"], problems.Select(problem => problem.Path));
        Assert.All(problems, problem => Assert.Equal("invalid_group", problem.Code));
    }
}
