using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Yaml;

/// <summary>What a YAML scalar is: YAML 1.2 core schema, section 10.3.2. Quoted scalars are always text.</summary>
internal static partial class CoreSchema
{
    private const string TextTag = "tag:yaml.org,2002:str";

    /// <summary>Gives the JSON value a scalar stands for; null is JSON's null.</summary>
    /// <exception cref="FormatException">JSON has no such number: infinity, or not a number.</exception>
    public static JsonValue? Resolve(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        var isText = scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)
            || (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific && scalar.Tag.Value == TextTag);
        return isText ? JsonValue.Create(text) : ResolvePlain(text);
    }

    /// <summary>Says whether a node stands for nothing: it is absent, or null in one of its spellings.</summary>
    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private static JsonValue? ResolvePlain(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        if (Integer().IsMatch(text))
        {
            return Whole(BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        }

        if (Octal().IsMatch(text))
        {
            return Whole(text[2..].Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0')));
        }

        if (Hexadecimal().IsMatch(text))
        {
            return Whole(BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        if (Infinity().IsMatch(text) || text is ".nan" or ".NaN" or ".NAN")
        {
            throw new FormatException($"JSON has no number like {text}.");
        }

        return Float().IsMatch(text)
            ? JsonValue.Create(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture))
            : JsonValue.Create(text);
    }

    // A whole number beyond 64 bits keeps its digits, as JSON allows.
    private static JsonValue Whole(BigInteger number) => number >= long.MinValue && number <= long.MaxValue
        ? JsonValue.Create((long)number)
        : JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!.AsValue();

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^0o[0-7]+\z")]
    private static partial Regex Octal();

    [GeneratedRegex(@"^0x[0-9a-fA-F]+\z")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"^[-+]?(\.inf|\.Inf|\.INF)\z")]
    private static partial Regex Infinity();
}
