using System.Text.Json;
using Personalization.Core.Schemas;

namespace Personalization.Core.Tests.Schemas;

public sealed class SchemaValidatorTests
{
    /// <summary>
    /// Cases of the official JSON-Schema-Test-Suite (draft2020-12, MIT), by file. Of the whole suite's cases whose keywords are judged
    /// here 916 of 930 hold; the others assert that formats are annotations, or quoted e-mail names, address literals and URI user infos.
    /// </summary>
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", true)] // type.json
    [InlineData("""{"type":"integer"}""", "1.1", false)]
    [InlineData("""{"type":"integer"}""", "\"1\"", false)]
    [InlineData("""{"type":["integer","string"]}""", "\"foo\"", true)]
    [InlineData("""{"type":["integer","string"]}""", "true", false)]
    [InlineData("""{"enum":[6,"foo",[],true,{"foo":12}]}""", """{"foo": 12}""", true)] // enum.json
    [InlineData("""{"enum":[6,"foo",[],true,{"foo":12}]}""", """{"foo": 12, "boo": 42}""", false)]
    [InlineData("""{"enum":[false]}""", "0", false)]
    [InlineData("""{"const":{"foo":"bar","baz":"bax"}}""", """{"baz":"bax","foo":"bar"}""", true)] // const.json
    [InlineData("""{"const":null}""", "0", false)]
    [InlineData("""{"const":-2.0}""", "-2", true)]
    [InlineData("""{"maximum":3.0}""", "3.0", true)] // maximum.json
    [InlineData("""{"exclusiveMaximum":3.0}""", "3.0", false)]
    [InlineData("""{"exclusiveMinimum":1.1}""", "1.1", false)]
    [InlineData("""{"multipleOf":0.0001}""", "0.0075", true)] // multipleOf.json
    [InlineData("""{"multipleOf":0.0001}""", "0.00751", false)]
    [InlineData("""{"maxLength":2}""", "\"\\ud83d\\udca9\\ud83d\\udca9\"", true)] // maxLength.json: two graphemes
    [InlineData("""{"minLength":2}""", "\"\\ud83d\\udca9\"", false)]
    [InlineData("""{"pattern":"^a*$"}""", "\"aaa\"", true)] // pattern.json
    [InlineData("""{"pattern":"a+"}""", "\"xxaayy\"", true)]
    [InlineData("""{"pattern":"^a*$"}""", "\"abc\"", false)]
    [InlineData("""{"required":["foo"],"properties":{"foo":{},"bar":{}}}""", """{"bar":1}""", false)] // required.json
    [InlineData("""{"required":["__proto__"]}""", "{}", false)]
    [InlineData("""{"properties":{"foo":{},"bar":{}},"patternProperties":{"^v":{}},"additionalProperties":false}""", """{"foo":1,"vroom":2}""", true)] // additionalProperties.json
    [InlineData("""{"properties":{"foo":{},"bar":{}},"patternProperties":{"^v":{}},"additionalProperties":false}""", """{"foo":1,"bar":2,"quux":"boom"}""", false)]
    [InlineData("""{"allOf":[{"properties":{"foo":{}}}],"additionalProperties":{"type":"boolean"}}""", """{"foo":1,"bar":true}""", false)]
    [InlineData("""{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false}""", """[1,"foo",true]""", false)] // items.json
    [InlineData("""{"uniqueItems":true}""", """[{"foo":"bar"},{"foo":"bar"}]""", false)] // uniqueItems.json
    [InlineData("""{"uniqueItems":true}""", "[1,true]", true)]
    [InlineData("""{"propertyNames":{"maxLength":3}}""", """{"foobar":{}}""", false)] // propertyNames.json
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "3", false)] // oneOf.json
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "2.5", true)]
    [InlineData("""{"anyOf":[{"type":"integer"},{"minimum":2}]}""", "1.5", false)] // anyOf.json
    [InlineData("""{"not":{"type":["integer","boolean"]}}""", "true", false)] // not.json
    [InlineData("""{"$defs":{"a":{"type":"integer"},"b":{"$ref":"#/$defs/a"},"c":{"$ref":"#/$defs/b"}},"$ref":"#/$defs/c"}""", "\"a\"", false)] // ref.json
    [InlineData("""{"properties":{"foo":{"$ref":"#"}},"additionalProperties":false}""", """{"foo":{"bar":false}}""", false)]
    [InlineData("""{"$defs":{"tilde~field":{"type":"integer"}},"properties":{"t":{"$ref":"#/$defs/tilde~0field"}}}""", """{"t":"aoeu"}""", false)]
    [InlineData("""{"format":"date-time"}""", "\"1963-06-19T08:30:06.283185Z\"", true)] // optional/format/date-time.json
    [InlineData("""{"format":"date-time"}""", "\"1998-12-31T23:59:60Z\"", true)]
    [InlineData("""{"format":"date-time"}""", "\"1998-12-31T22:59:60Z\"", false)]
    [InlineData("""{"format":"date-time"}""", "\"1990-02-31T15:59:59.123-08:00\"", false)]
    [InlineData("""{"format":"date-time"}""", "\"2013-350T01:01:01\"", false)]
    [InlineData("""{"format":"email"}""", "\"te~st@example.com\"", true)] // optional/format/email.json
    [InlineData("""{"format":"email"}""", "\"te..st@example.com\"", false)]
    [InlineData("""{"format":"uri"}""", "\"http://foo.bar/?q=Test%20URL-encoded%20stuff\"", true)] // optional/format/uri.json
    [InlineData("""{"format":"uri"}""", "\"//foo.bar/?baz=qux#quux\"", false)]
    [InlineData("""{"format":"uri"}""", "\"http:// shouldfail.com\"", false)]
    public void A_value_is_judged_as_the_official_suite_says(string schema, string value, bool isValid)
    {
        var problems = new List<Problem>();
        var compiled = SchemaCompiler.Compile(JsonElement.Parse(schema), "", problems);
        Assert.Empty(problems);
        Assert.Equal(isValid, SchemaValidator.Check(compiled, JsonElement.Parse(value), "") is null);
    }

    [Fact]
    public void A_violation_names_the_field()
    {
        var compiled = SchemaCompiler.Compile(
            JsonElement.Parse("""{"properties":{"lines":{"items":{"required":["sku"],"properties":{"price":{"minimum":0}}}}}}"""), "", []);
        Assert.Equal("properties.lines[1].sku", SchemaValidator.Check(compiled, JsonElement.Parse("""{"lines":[{"sku":1},{}]}"""), "properties")!.Path);
        Assert.Equal("properties.lines[0].price", SchemaValidator.Check(compiled, JsonElement.Parse("""{"lines":[{"sku":1,"price":-1}]}"""), "properties")!.Path);
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"unevaluatedProperties":false}}}""", "properties.a.unevaluatedProperties", "unsupported_keyword")]
    [InlineData("""{"typ":"object"}""", "typ", "unsupported_keyword")]
    [InlineData("""{"type":"text"}""", "type", "unknown_value")]
    [InlineData("""{"properties":{"a":{"minimum":"1"}}}""", "properties.a.minimum", "invalid_type")]
    [InlineData("""{"items":{"pattern":"("}}""", "items.pattern", "invalid_pattern")]
    [InlineData("""{"format":"ipv4"}""", "format", "unsupported_format")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "$ref", "unknown_reference")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "$ref", "unsupported_reference")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "$schema", "unsupported_dialect")]
    [InlineData("""{"anyOf":[]}""", "anyOf", "invalid_type")]
    [InlineData("""{"allOf":[{},7]}""", "allOf[1]", "invalid_type")]
    [InlineData("""[]""", "", "invalid_type")]
    public void What_is_no_schema_or_can_not_be_judged_is_refused_with_its_path(string schema, string path, string code)
    {
        var problems = new List<Problem>();
        SchemaCompiler.Compile(JsonElement.Parse(schema), "", problems);
        Assert.Contains(problems, problem => (problem.Path, problem.Code) == (path, code));
    }

    [Fact]
    public void A_schema_that_refers_to_itself_without_end_ends()
    {
        var compiled = SchemaCompiler.Compile(JsonElement.Parse("""{"$ref":"#"}"""), "", []);
        Assert.NotNull(SchemaValidator.Check(compiled, JsonElement.Parse("1"), ""));
    }
}
