using System.Globalization;
using System.Text.Json;
using Personalization.Core.Conditions;

namespace Personalization.Core.Schemas;

/// <summary>Compiles a JSON Schema (2020-12), or says with paths why it is none that is judged here.</summary>
/// <remarks>
/// Ours, because no library that does it restores from every feed. A keyword that can't be judged is refused rather than passed over: a
/// schema that silently asks less than it says is worse than none.
/// </remarks>
internal sealed class SchemaCompiler
{
    /// <summary>How many schemas a document may have in it.</summary>
    public const int MostSchemas = 1000;

    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly string[] Annotations = ["title", "description", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly"];

    private readonly ICollection<Problem> _problems;
    private readonly Dictionary<string, SchemaNode> _byPointer = new(StringComparer.Ordinal);
    private readonly List<(SchemaNode From, string Pointer, string Path)> _references = [];
    private int _count;

    private SchemaCompiler(ICollection<Problem> problems) => _problems = problems;

    /// <summary>Compiles; what is wrong is added to <paramref name="problems"/>, with paths below <paramref name="path"/>.</summary>
    public static SchemaNode Compile(JsonElement root, string path, ICollection<Problem> problems)
    {
        var compiler = new SchemaCompiler(problems);
        var compiled = compiler.Schema(root, path, "#");
        compiler.Link();
        return compiled;
    }

    private SchemaNode Schema(JsonElement json, string path, string pointer)
    {
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return _byPointer[pointer] = json.ValueKind == JsonValueKind.True ? SchemaNode.Anything : new SchemaNode { IsNever = true };
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return Wrong(path, "invalid_type", "A schema is a JSON object, true or false.");
        }

        if (++_count > MostSchemas)
        {
            return _count == MostSchemas + 1 ? Wrong(path, "too_many", $"A schema has at most {MostSchemas} schemas in it.") : SchemaNode.Anything;
        }

        var node = new SchemaNode();
        _byPointer[pointer] = node;
        foreach (var member in json.EnumerateObject())
        {
            Keyword(node, member.Name, member.Value, Problem.Under(path, member.Name), $"{pointer}/{Escape(member.Name)}");
        }

        return node;
    }

    private void Keyword(SchemaNode node, string name, JsonElement value, string path, string pointer)
    {
        switch (name)
        {
            case "type": node.Types = Types(value, path); break;
            case "enum": node.Enum = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : Fault<IReadOnlyList<JsonElement>>(path, "This is a JSON array."); break;
            case "const": node.Enum = [value]; break;
            case "minimum": node.Minimum = Number(value, path); break;
            case "exclusiveMinimum": node.ExclusiveMinimum = Number(value, path); break;
            case "maximum": node.Maximum = Number(value, path); break;
            case "exclusiveMaximum": node.ExclusiveMaximum = Number(value, path); break;
            case "multipleOf": node.MultipleOf = Divisor(value, path); break;
            case "minLength": node.MinLength = Count(value, path); break;
            case "maxLength": node.MaxLength = Count(value, path); break;
            case "pattern": node.Pattern = Pattern(value, path); break;
            case "format": node.Format = Format(value, path); break;
            case "minItems": node.MinItems = Count(value, path); break;
            case "maxItems": node.MaxItems = Count(value, path); break;
            case "uniqueItems": node.UniqueItems = Flag(value, path); break;
            case "prefixItems": node.PrefixItems = List(value, path, pointer); break;
            case "items": node.Items = Schema(value, path, pointer); break;
            case "minProperties": node.MinProperties = Count(value, path); break;
            case "maxProperties": node.MaxProperties = Count(value, path); break;
            case "required": node.Required = Names(value, path); break;
            case "properties": node.Properties = Map(value, path, pointer); break;
            case "patternProperties": node.PatternProperties = Patterns(value, path, pointer); break;
            case "additionalProperties": node.AdditionalProperties = Schema(value, path, pointer); break;
            case "propertyNames": node.PropertyNames = Schema(value, path, pointer); break;
            case "allOf": node.AllOf = List(value, path, pointer); break;
            case "anyOf": node.AnyOf = List(value, path, pointer); break;
            case "oneOf": node.OneOf = List(value, path, pointer); break;
            case "not": node.Not = Schema(value, path, pointer); break;
            case "$defs": Map(value, path, pointer); break;
            case "$ref": Reference(node, value, path); break;
            case "$schema" when pointer == "#/$schema": Require(value, Dialect, path); break;
            case "$id" when pointer == "#/$id": Text(value, path); break;
            default:
                if (!Annotations.Contains(name))
                {
                    _problems.Add(new Problem(path, "unsupported_keyword", $"The keyword \"{name}\" is not judged here, so a schema can't rely on it; docs/schemas.md lists those that are."));
                }

                break;
        }
    }

    private void Link()
    {
        foreach (var (from, pointer, path) in _references)
        {
            if (_byPointer.TryGetValue(pointer, out var target))
            {
                from.Reference = target;
            }
            else
            {
                _problems.Add(new Problem(path, "unknown_reference", $"There is no schema at \"{pointer}\"."));
            }
        }
    }

    private void Reference(SchemaNode node, JsonElement value, string path)
    {
        if (Text(value, path) is not { } text)
        {
            return;
        }

        if (!text.StartsWith('#') || (text.Length > 1 && text[1] != '/'))
        {
            _problems.Add(new Problem(path, "unsupported_reference", "Only references within the document are followed: \"#/$defs/…\"."));
            return;
        }

        _references.Add((node, Uri.UnescapeDataString(text), path));
    }

    private SchemaTypes Types(JsonElement value, string path)
    {
        var types = SchemaTypes.None;
        foreach (var one in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : (IEnumerable<JsonElement>)[value])
        {
            var type = SchemaTypeNames.Parse(one.ValueKind == JsonValueKind.String ? one.GetString() : null);
            if (type == SchemaTypes.None)
            {
                _problems.Add(new Problem(path, "unknown_value", "A type is null, boolean, integer, number, string, array or object, or a list of these."));
                return SchemaTypes.All;
            }

            types |= type;
        }

        return types == SchemaTypes.None ? Fault<SchemaTypes>(path, "A list of types names at least one.") : types;
    }

    private double? Number(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : Fault<double?>(path, "This is a JSON number.");

    private decimal? Divisor(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number > 0 ? number : Fault<decimal?>(path, "This is a number above 0.");

    private int? Count(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= int.MaxValue and var number && number == Math.Floor(number)
            ? (int)number
            : Fault<int?>(path, "This is a whole number of at least 0.");

    private bool Flag(JsonElement value, string path) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Fault<bool>(path, "This is true or false.");

    private string? Text(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() : Fault<string>(path, "This is a JSON string.");

    private void Require(JsonElement value, string expected, string path)
    {
        if (Text(value, path) is { } text && text.TrimEnd('#') != expected)
        {
            _problems.Add(new Problem(path, "unsupported_dialect", $"Schemas are of {expected}."));
        }
    }

    private EcmaPattern? Pattern(JsonElement value, string path)
    {
        if (Text(value, path) is not { } text)
        {
            return null;
        }

        var pattern = EcmaPattern.TryCreate(text, ignoreCase: false, out var fault);
        if (pattern is null)
        {
            _problems.Add(new Problem(path, "invalid_pattern", fault));
        }

        return pattern;
    }

    private string? Format(JsonElement value, string path)
    {
        var format = Text(value, path);
        if (format is not null && !SchemaFormats.Known.Contains(format))
        {
            _problems.Add(new Problem(path, "unsupported_format", $"The formats that are judged are {string.Join(", ", SchemaFormats.Known)}."));
        }

        return format;
    }

    private IReadOnlyList<string> Names(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(one => one.GetString()!).Distinct()]
            : Fault<IReadOnlyList<string>>(path, "This is a list of names.") ?? [];

    private IReadOnlyList<SchemaNode> List(JsonElement value, string path, string pointer)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            return Fault<IReadOnlyList<SchemaNode>>(path, "This is a list of one schema or more.") ?? [];
        }

        return [.. value.EnumerateArray().Select((one, i) => Schema(one, Problem.Under(path, i), string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}")))];
    }

    private Dictionary<string, SchemaNode> Map(JsonElement value, string path, string pointer)
    {
        var map = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault<bool>(path, "This is a JSON object that maps names to schemas.");
            return map;
        }

        foreach (var member in value.EnumerateObject())
        {
            map[member.Name] = Schema(member.Value, Problem.Under(path, member.Name), $"{pointer}/{Escape(member.Name)}");
        }

        return map;
    }

    private List<(EcmaPattern, SchemaNode)> Patterns(JsonElement value, string path, string pointer)
    {
        var patterns = new List<(EcmaPattern, SchemaNode)>();
        foreach (var (name, schema) in Map(value, path, pointer))
        {
            if (EcmaPattern.TryCreate(name, ignoreCase: false, out var fault) is { } pattern)
            {
                patterns.Add((pattern, schema));
            }
            else
            {
                _problems.Add(new Problem(Problem.Under(path, name), "invalid_pattern", fault));
            }
        }

        return patterns;
    }

    private T? Fault<T>(string path, string detail)
    {
        _problems.Add(new Problem(path, "invalid_type", detail));
        return default;
    }

    private SchemaNode Wrong(string path, string code, string detail)
    {
        _problems.Add(new Problem(path, code, detail));
        return SchemaNode.Anything;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
