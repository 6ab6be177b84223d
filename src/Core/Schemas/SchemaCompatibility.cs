using System.Text.Json;

namespace Personalization.Core.Schemas;

/// <summary>Says whether whatever one schema takes the next one takes too, and where it does not.</summary>
/// <remarks>
/// It errs on the safe side: what it can't prove to stay valid is refused. A new rule for a field that was free before narrows it, as
/// long as other fields were allowed at all.
/// </remarks>
internal sealed class SchemaCompatibility
{
    private const int MostDepth = 64;

    private static readonly JsonElement True = JsonElement.Parse("true");
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private readonly JsonElement _oldRoot;
    private readonly JsonElement _newRoot;
    private readonly List<Problem> _problems;

    private SchemaCompatibility(JsonElement oldRoot, JsonElement newRoot, List<Problem> problems) =>
        (_oldRoot, _newRoot, _problems) = (oldRoot, newRoot, problems);

    /// <summary>Compares two schemas, both of which compile. Paths are those of the new one.</summary>
    public static IReadOnlyList<Problem> Compare(JsonElement old, JsonElement next, string path)
    {
        var problems = new List<Problem>();
        new SchemaCompatibility(old, next, problems).Compare(old, next, path, 0);
        return problems;
    }

    private void Compare(JsonElement old, JsonElement next, string path, int depth)
    {
        if (IsNever(old) || next.ValueKind == JsonValueKind.True || JsonElement.DeepEquals(old, next) && !HasReference(next))
        {
            return;
        }

        if (depth > MostDepth)
        {
            // Both refer to themselves; what differs has been told further up.
            return;
        }

        if (IsNever(next))
        {
            Refuse(path, "What was allowed here is not any more.");
            return;
        }

        old = old.ValueKind == JsonValueKind.True ? Empty : old;
        if (Target(old, _oldRoot) is { } oldTarget && Target(next, _newRoot) is { } newTarget)
        {
            Compare(oldTarget, newTarget, path, depth + 1);
        }
        else if (Target(next, _newRoot) is { } target)
        {
            Compare(old, target, path, depth + 1);
        }
        else if (Target(old, _oldRoot) is { } was)
        {
            // Beside the reference the old schema may ask more, which only makes it take less.
            Compare(was, next, path, depth + 1);
            return;
        }

        Values(old, next, path);
        Bounds(old, next, path);
        Objects(old, next, path, depth);
        Lists(old, next, path, depth);
        Applicators(old, next, path, depth);
    }

    private void Values(JsonElement old, JsonElement next, string path)
    {
        var (before, after) = (Types(old), Types(next));
        if ((before & after) != before)
        {
            Refuse(Problem.Under(path, "type"), $"{SchemaTypeNames.Describe(before & ~after | (before & SchemaTypes.Number & ~after))} was allowed, and is not any more.");
        }

        if (Choices(next) is { } left && !(Choices(old)?.All(value => left.Any(one => JsonElement.DeepEquals(one, value))) ?? false))
        {
            Refuse(Problem.Under(path, next.TryGetProperty("enum", out _) ? "enum" : "const"), "Values that were allowed are not any more.");
        }

        foreach (var keyword in (ReadOnlySpan<string>)["pattern", "format"])
        {
            if (next.TryGetProperty(keyword, out var rule) && !(old.TryGetProperty(keyword, out var was) && JsonElement.DeepEquals(was, rule)) && Choices(old) is null)
            {
                Refuse(Problem.Under(path, keyword), "Texts that were allowed may not be any more.");
            }
        }
    }

    private void Bounds(JsonElement old, JsonElement next, string path)
    {
        foreach (var (keyword, other, sign) in (ReadOnlySpan<(string, string?, int)>)
            [("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1), ("minLength", null, 1), ("maxLength", null, -1),
             ("minItems", null, 1), ("maxItems", null, -1), ("minProperties", null, 1), ("maxProperties", null, -1)])
        {
            var (after, before) = (Bound(next, keyword, other, sign), Bound(old, keyword, other, sign));
            var isNarrower = after.Value * sign > before.Value * sign || (after.Value.Equals(before.Value) && after.IsOpen && !before.IsOpen);
            if (isNarrower && !(sign > 0 && other is null && after.Value <= 0))
            {
                Refuse(Problem.Under(path, next.TryGetProperty(keyword, out _) ? keyword : other!), "The bound is narrower than it was.");
            }
        }

        if (next.TryGetProperty("multipleOf", out var divisor)
            && !(old.TryGetProperty("multipleOf", out var was) && decimal.Remainder(was.GetDecimal(), divisor.GetDecimal()) == 0))
        {
            Refuse(Problem.Under(path, "multipleOf"), "Numbers that were allowed are not any more.");
        }
    }

    private void Objects(JsonElement old, JsonElement next, string path, int depth)
    {
        if (!Types(old).HasFlag(SchemaTypes.Object))
        {
            return;
        }

        string[] wasRequired = [.. Elements(old, "required").Select(name => name.GetString()!)];
        foreach (var name in Elements(next, "required").Select(name => name.GetString()!))
        {
            if (!wasRequired.Contains(name))
            {
                Refuse(Problem.Under(path, "required"), $"\"{name}\" is required now, and was not.");
            }
        }

        foreach (var name in Members(old, "properties").Concat(Members(next, "properties")).Select(member => member.Name).Distinct().ToArray())
        {
            var isNamed = Find(next, "properties", name) is not null;
            var at = isNamed ? Problem.Under(Problem.Under(path, "properties"), name) : Problem.Under(path, "additionalProperties");
            Compare(Find(old, "properties", name) ?? Others(old), Find(next, "properties", name) ?? Others(next), at, depth + 1);
        }

        Compare(Others(old), Others(next), Problem.Under(path, "additionalProperties"), depth + 1);
        Same(old, next, "patternProperties", path);
        if (next.TryGetProperty("propertyNames", out var names))
        {
            Compare(old.TryGetProperty("propertyNames", out var were) ? were : True, names, Problem.Under(path, "propertyNames"), depth + 1);
        }
    }

    private void Lists(JsonElement old, JsonElement next, string path, int depth)
    {
        if (!Types(old).HasFlag(SchemaTypes.Array))
        {
            return;
        }

        Compare(Or(old, "items"), Or(next, "items"), Problem.Under(path, "items"), depth + 1);
        Same(old, next, "prefixItems", path);
        if (next.TryGetProperty("uniqueItems", out var unique) && unique.ValueKind == JsonValueKind.True && !(old.TryGetProperty("uniqueItems", out var was) && was.ValueKind == JsonValueKind.True))
        {
            Refuse(Problem.Under(path, "uniqueItems"), "Lists with equal elements were allowed, and are not any more.");
        }
    }

    private void Applicators(JsonElement old, JsonElement next, string path, int depth)
    {
        var index = 0;
        foreach (var branch in Elements(next, "allOf"))
        {
            if (!Elements(old, "allOf").Any(was => Takes(was, branch, depth)))
            {
                Compare(old, branch, Problem.Under(Problem.Under(path, "allOf"), index), depth + 1);
            }

            index++;
        }

        if (next.TryGetProperty("anyOf", out var any))
        {
            var branches = any.EnumerateArray().ToArray();
            var were = Elements(old, "anyOf").ToArray();
            var isWider = were.Length > 0 && were.All(was => branches.Any(branch => Takes(was, branch, depth)));
            if (!isWider && !branches.Any(branch => Takes(old, branch, depth)))
            {
                Refuse(Problem.Under(path, "anyOf"), "What was allowed may fit none of these any more.");
            }
        }

        Same(old, next, "oneOf", path);
        Same(old, next, "not", path);
    }

    private bool Takes(JsonElement old, JsonElement next, int depth)
    {
        var problems = new List<Problem>();
        new SchemaCompatibility(_oldRoot, _newRoot, problems).Compare(old, next, "", depth + 1);
        return problems.Count == 0;
    }

    // Of these only sameness is understood.
    private void Same(JsonElement old, JsonElement next, string keyword, string path)
    {
        if (next.TryGetProperty(keyword, out var rule) && !(old.TryGetProperty(keyword, out var was) && JsonElement.DeepEquals(was, rule)))
        {
            Refuse(Problem.Under(path, keyword), $"Whether all that was allowed still is can't be told of \"{keyword}\".");
        }
    }

    private void Refuse(string path, string detail) => _problems.Add(new Problem(path, "incompatible_change", detail));

    private static bool IsNever(JsonElement schema) => schema.ValueKind == JsonValueKind.False;

    private static bool HasReference(JsonElement schema) => schema.GetRawText().Contains("\"$ref\"", StringComparison.Ordinal);

    private static JsonElement? Target(JsonElement schema, JsonElement root)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("$ref", out var reference))
        {
            return null;
        }

        var at = root;
        foreach (var part in Uri.UnescapeDataString(reference.GetString()!).Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(name);
        }

        return at;
    }

    private static SchemaTypes Types(JsonElement schema)
    {
        var declared = SchemaTypes.All;
        if (schema.TryGetProperty("type", out var type))
        {
            declared = SchemaTypes.None;
            foreach (var one in type.ValueKind == JsonValueKind.Array ? type.EnumerateArray() : (IEnumerable<JsonElement>)[type])
            {
                declared |= SchemaTypeNames.Parse(one.GetString());
            }
        }

        return Choices(schema) is { } choices ? declared & choices.Aggregate(SchemaTypes.None, (types, value) => types | SchemaTypeNames.Of(value)) : declared;
    }

    private static JsonElement[]? Choices(JsonElement schema) =>
        schema.TryGetProperty("enum", out var choices) ? [.. choices.EnumerateArray()]
        : schema.TryGetProperty("const", out var constant) ? [constant]
        : null;

    private static (double Value, bool IsOpen) Bound(JsonElement schema, string keyword, string? open, int sign)
    {
        var none = sign > 0 ? double.NegativeInfinity : double.PositiveInfinity;
        var closed = schema.TryGetProperty(keyword, out var bound) ? bound.GetDouble() : none;
        var opened = open is not null && schema.TryGetProperty(open, out var other) ? other.GetDouble() : none;
        return opened * sign >= closed * sign && double.IsFinite(opened) ? (opened, true) : (closed, false);
    }

    private static JsonElement Or(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var found) ? found : True;

    // Fields that nothing names. Where patterns name some, those are not known to be free.
    private static JsonElement Others(JsonElement schema) => Or(schema, "additionalProperties");

    private static JsonElement? Find(JsonElement schema, string keyword, string name) =>
        schema.TryGetProperty(keyword, out var map) && map.TryGetProperty(name, out var found) ? found : null;

    private static IEnumerable<JsonProperty> Members(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var map) ? map.EnumerateObject() : [];

    private static IEnumerable<JsonElement> Elements(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var list) ? list.EnumerateArray() : [];
}
