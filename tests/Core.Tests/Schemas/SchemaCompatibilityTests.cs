using System.Text.Json;
using Personalization.Core.Schemas;

namespace Personalization.Core.Tests.Schemas;

public sealed class SchemaCompatibilityTests
{
    private const string Old = """
        {"type":"object","required":["sku"],"additionalProperties":false,
         "properties":{"sku":{"type":"string","maxLength":20},"price":{"type":"number","minimum":0},"kind":{"enum":["a","b"]},"tags":{"type":"array","items":{"type":"string"}}}}
        """;

    [Theory]
    [InlineData("""{"type":"object","required":[],"additionalProperties":false,"properties":{"sku":{"type":["string","integer"],"maxLength":40},"price":{"type":"number"},"kind":{"enum":["a","b","c"]},"tags":{"type":"array","items":{"type":["string","null"]}},"size":{"type":"string"}}}""")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("""{"$ref":"#/$defs/line","$defs":{"line":{"properties":{"sku":{"type":"string"}}}}}""")]
    public void Asking_less_is_compatible(string next) => Assert.Empty(Compare(Old, next));

    [Theory]
    [InlineData(""" "required":["sku","price"] """, "required")]
    [InlineData(""" "properties":{"sku":{"type":"integer"}} """, "properties.sku.type")]
    [InlineData(""" "properties":{"sku":{"maxLength":10}} """, "properties.sku.maxLength")]
    [InlineData(""" "properties":{"sku":{"pattern":"^A"}} """, "properties.sku.pattern")]
    [InlineData(""" "properties":{"price":{"exclusiveMinimum":0}} """, "properties.price.exclusiveMinimum")]
    [InlineData(""" "properties":{"price":{"type":"integer"}} """, "properties.price.type")]
    [InlineData(""" "properties":{"kind":{"enum":["a"]}} """, "properties.kind.enum")]
    [InlineData(""" "properties":{"tags":{"items":{"type":"string","minLength":1}}} """, "properties.tags.items.minLength")]
    [InlineData(""" "additionalProperties":false,"properties":{"sku":{},"price":{},"kind":{}} """, "additionalProperties")]
    [InlineData(""" "not":{"required":["price"]} """, "not")]
    [InlineData(""" "maxProperties":2 """, "maxProperties")]
    public void Asking_more_is_refused_with_the_path(string members, string path) =>
        Assert.Contains(Compare(Old, $"{{{members}}}"), problem => (problem.Path, problem.Code) == (path, "incompatible_change"));

    [Fact]
    public void A_rule_for_a_field_that_was_free_narrows_it_unless_other_fields_were_refused()
    {
        const string Next = """{"properties":{"a":{"type":"string"},"b":{"type":"string"}}}""";
        Assert.Single(Compare("""{"properties":{"a":{"type":"string"}}}""", Next));
        Assert.Empty(Compare("""{"properties":{"a":{"type":"string"}},"additionalProperties":false}""", Next));
    }

    [Fact]
    public void A_wider_choice_of_schemas_is_compatible_and_a_narrower_one_is_not()
    {
        Assert.Empty(Compare("""{"anyOf":[{"type":"string"}]}""", """{"anyOf":[{"type":"integer"},{"type":"string"}]}"""));
        Assert.NotEmpty(Compare("""{"anyOf":[{"type":"integer"},{"type":"string"}]}""", """{"anyOf":[{"type":"string"}]}"""));
        Assert.Empty(Compare("""{"type":"integer","minimum":3}""", """{"allOf":[{"type":"number"},{"minimum":1}]}"""));
    }

    /// <summary>Whatever pair of small schemas is called compatible: no value that the old one takes is refused by the new one.</summary>
    [Fact]
    public void What_is_called_compatible_takes_all_that_was_taken()
    {
        string[] parts =
        [
            """{"type":"integer"}""", """{"type":["number","null"]}""", """{"minimum":1}""", """{"exclusiveMinimum":1}""", """{"maximum":3,"minimum":0}""", """{"enum":[1,2,"x"]}""",
            """{"const":2}""", """{"multipleOf":2}""", """{"multipleOf":4}""", """{"minLength":2}""", """{"pattern":"x"}""", """{"required":["a"]}""", """{"properties":{"a":{"type":"integer"}}}""",
            """{"properties":{"a":{}},"additionalProperties":false}""", """{"additionalProperties":{"type":"number"}}""", """{"anyOf":[{"type":"string"},{"minimum":2}]}""", """{"not":{"type":"string"}}""",
            """{"items":{"type":"integer"}}""", """{"uniqueItems":true}""", "true", "false", """{"minProperties":1}""", """{"allOf":[{"type":"object"},{"required":["a"]}]}""",
        ];
        JsonElement[] values = [.. ((string[])["null", "0", "1", "1.5", "2", "3", "4", "\"x\"", "\"xy\"", "\"yy\"", "{}", """{"a":1}""", """{"a":"s"}""", """{"b":2}""", """{"a":1,"b":"t"}""", "[]", "[1,1]", """["x"]""", "true"]).Select(value => JsonElement.Parse(value))];
        var compatible = 0;
        foreach (var old in parts)
        {
            foreach (var next in parts)
            {
                if (Compare(old, next).Count > 0)
                {
                    continue;
                }

                compatible++;
                var (before, after) = (SchemaCompiler.Compile(JsonElement.Parse(old), "", []), SchemaCompiler.Compile(JsonElement.Parse(next), "", []));
                Assert.All(values, value => Assert.True(
                    SchemaValidator.Check(before, value, "") is not null || SchemaValidator.Check(after, value, "") is null, $"{old} → {next}: {value}"));
            }
        }

        Assert.InRange(compatible, parts.Length + 10, (parts.Length * parts.Length) - 200);
    }

    private static IReadOnlyList<Problem> Compare(string old, string next) =>
        SchemaCompatibility.Compare(JsonElement.Parse(old), JsonElement.Parse(next), "");
}
