using Personalization.Cli.Yaml;

namespace Personalization.Cli.Tests.Yaml;

// The cases are those of YAML 1.2.2, section 10.3.2, and the differences from YAML 1.1 that surprise people.
public sealed class CoreSchemaTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("true", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("0", "0")]
    [InlineData("-19", "-19")]
    [InlineData("+12", "12")]
    [InlineData("007", "7")]
    [InlineData("0o14", "12")]
    [InlineData("0x3A", "58")]
    [InlineData("18446744073709551616", "18446744073709551616")]
    [InlineData("0.", "0")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("+12e03", "12000")]
    [InlineData("-2E+05", "-200000")]
    [InlineData(".5", "0.5")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("NO", "\"NO\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("2024-01-01", "\"2024-01-01\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("tRUE", "\"tRUE\"")]
    [InlineData("\"true\"", "\"true\"")]
    [InlineData("'12'", "\"12\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("home.hero", "\"home.hero\"")]
    public void Scalars_are_typed_by_the_core_schema(string yaml, string json) => Assert.Equal(json, Json($"v: {yaml}"));

    [Fact]
    public void Block_text_is_text() => Assert.Equal("\"12\\n\"", Json("v: |\n  12\n"));

    [Fact]
    public void Lists_mappings_and_aliases_nest() =>
        Assert.Equal("{\"a\":[1,{\"b\":null}],\"c\":[1,{\"b\":null}]}", Json("v: { a: &x [1, { b: ~ }], c: *x }"));

    [Theory]
    [InlineData("v:\n  w: .inf", "f.yaml:2: JSON has no number like .inf.")]
    [InlineData("v: .NaN", "f.yaml:1: JSON has no number like .NaN.")]
    [InlineData("v:\n  [a: 1]: 2", "f.yaml:2: A name is a single value.")]
    [InlineData("v: 1\nv: 2", "f.yaml:2: this is not YAML: Duplicate key v")]
    [InlineData("v: \"open", "f.yaml:1: this is not YAML: ")]
    public void What_json_lacks_or_yaml_refuses_is_named_with_file_and_line(string yaml, string message) =>
        Assert.StartsWith(message, Assert.Throws<UserError>(() => Json(yaml)).Message, StringComparison.Ordinal);

    private static string Json(string yaml)
    {
        var document = YamlFile.Documents("f.yaml", new StringReader(yaml))[0];
        return YamlToJson.Convert("f.yaml", document)!["v"]?.ToJsonString() ?? "null";
    }
}
