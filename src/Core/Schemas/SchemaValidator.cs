using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Personalization.Core.Schemas;

/// <summary>Judges values by a compiled schema, and tells the first thing that is wrong.</summary>
internal static class SchemaValidator
{
    // Deeper than any event nests; only a schema that refers to itself without looking further into the value gets here.
    private const int MostDepth = 128;

    /// <summary>Gives what is wrong with a value, or null.</summary>
    public static Problem? Check(SchemaNode schema, JsonElement value, string path) => Check(schema, value, path, 0);

    private static Problem? Check(SchemaNode schema, JsonElement value, string path, int depth)
    {
        if (schema.IsNever || depth > MostDepth)
        {
            return Wrong(path, schema.IsNever ? "Nothing is allowed here." : "The schema refers to itself without end.");
        }

        var type = SchemaTypeNames.Of(value);
        if ((schema.Types & type) != type)
        {
            return Wrong(path, $"This is {SchemaTypeNames.Describe(schema.Types)}.");
        }

        if (schema.Enum is { } allowed && !allowed.Any(one => JsonElement.DeepEquals(one, value)))
        {
            return Wrong(path, allowed.Count == 1 ? $"This is {Short(allowed[0])}." : $"This is one of {string.Join(", ", allowed.Take(10).Select(Short))}{(allowed.Count > 10 ? ", …" : "")}.");
        }

        var fault = value.ValueKind switch
        {
            JsonValueKind.Number => Number(schema, value, path),
            JsonValueKind.String => Text(schema, value.GetString()!, path),
            JsonValueKind.Array => List(schema, value, path, depth),
            JsonValueKind.Object => Object(schema, value, path, depth),
            _ => null,
        };
        return fault ?? Applied(schema, value, path, depth);
    }

    private static Problem? Applied(SchemaNode schema, JsonElement value, string path, int depth)
    {
        if (schema.Reference is { } target && Check(target, value, path, depth + 1) is { } referred)
        {
            return referred;
        }

        foreach (var all in schema.AllOf)
        {
            if (Check(all, value, path, depth + 1) is { } fault)
            {
                return fault;
            }
        }

        if (schema.AnyOf is { } any && any.All(one => Check(one, value, path, depth + 1) is not null))
        {
            return Wrong(path, $"This fits none of the {any.Count} schemas it may fit; of the first: {Check(any[0], value, path, depth + 1)!.Detail}");
        }

        if (schema.OneOf is { } one && one.Count(branch => Check(branch, value, path, depth + 1) is null) is not 1 and var fitting)
        {
            return Wrong(path, $"This fits {fitting} of the {one.Count} schemas of which it must fit exactly one.");
        }

        return schema.Not is { } not && Check(not, value, path, depth + 1) is null ? Wrong(path, "This fits a schema that it must not fit.") : null;
    }

    private static Problem? Number(SchemaNode schema, JsonElement value, string path)
    {
        var number = value.GetDouble();
        return (schema.Minimum is { } least && number < least) ? Wrong(path, Say($"This is at least {least}."))
            : (schema.ExclusiveMinimum is { } above && number <= above) ? Wrong(path, Say($"This is above {above}."))
            : (schema.Maximum is { } most && number > most) ? Wrong(path, Say($"This is at most {most}."))
            : (schema.ExclusiveMaximum is { } below && number >= below) ? Wrong(path, Say($"This is below {below}."))
            : (schema.MultipleOf is { } divisor && !IsMultiple(value, divisor)) ? Wrong(path, Say($"This is a multiple of {divisor}."))
            : null;
    }

    // In decimals, in which 0.3 is a multiple of 0.1.
    private static bool IsMultiple(JsonElement value, decimal divisor) => value.TryGetDecimal(out var number)
        ? decimal.Remainder(number, divisor) == 0
        : Math.IEEERemainder(value.GetDouble(), (double)divisor) == 0;

    private static Problem? Text(SchemaNode schema, string text, string path)
    {
        if (schema.MinLength is not null || schema.MaxLength is not null)
        {
            var length = text.EnumerateRunes().Count();
            if (length < schema.MinLength || length > schema.MaxLength)
            {
                return Wrong(path, length < schema.MinLength ? $"This has at least {schema.MinLength} characters." : $"This has at most {schema.MaxLength} characters.");
            }
        }

        return schema.Pattern?.IsMatch(text) == false ? Wrong(path, "This does not match the pattern.")
            : schema.Format is { } format && !SchemaFormats.IsMatch(format, text) ? Wrong(path, $"This is of the format {format}.")
            : null;
    }

    private static Problem? List(SchemaNode schema, JsonElement value, string path, int depth)
    {
        var count = value.GetArrayLength();
        if (count < schema.MinItems || count > schema.MaxItems)
        {
            return Wrong(path, count < schema.MinItems ? $"This has at least {schema.MinItems} elements." : $"This has at most {schema.MaxItems} elements.");
        }

        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            var rule = index < schema.PrefixItems.Count ? schema.PrefixItems[index] : schema.Items;
            if (rule is not null && Check(rule, element, Problem.Under(path, index), depth + 1) is { } fault)
            {
                return fault;
            }

            index++;
        }

        return schema.UniqueItems && HasTwins(value) ? Wrong(path, "No two elements are the same.") : null;
    }

    private static bool HasTwins(JsonElement value)
    {
        JsonElement[] elements = [.. value.EnumerateArray()];
        for (var i = 1; i < elements.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonElement.DeepEquals(elements[i], elements[j]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static Problem? Object(SchemaNode schema, JsonElement value, string path, int depth)
    {
        foreach (var name in schema.Required)
        {
            if (!value.TryGetProperty(name, out _))
            {
                return Wrong(Problem.Under(path, name), "This is required.");
            }
        }

        var count = 0;
        foreach (var member in value.EnumerateObject())
        {
            count++;
            if (Member(schema, member, Problem.Under(path, member.Name), depth) is { } fault)
            {
                return fault;
            }
        }

        return count < schema.MinProperties ? Wrong(path, $"This has at least {schema.MinProperties} members.")
            : count > schema.MaxProperties ? Wrong(path, $"This has at most {schema.MaxProperties} members.")
            : null;
    }

    private static Problem? Member(SchemaNode schema, JsonProperty member, string path, int depth)
    {
        if (schema.PropertyNames is { } names && Check(names, NameOf(member.Name), path, depth + 1) is { } misnamed)
        {
            return Wrong(path, $"The field's name is wrong: {misnamed.Detail}");
        }

        var isNamed = schema.Properties.TryGetValue(member.Name, out var rule);
        if (isNamed && Check(rule!, member.Value, path, depth + 1) is { } fault)
        {
            return fault;
        }

        foreach (var (pattern, schemaOfPattern) in schema.PatternProperties)
        {
            if (pattern.IsMatch(member.Name))
            {
                isNamed = true;
                if (Check(schemaOfPattern, member.Value, path, depth + 1) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return isNamed || schema.AdditionalProperties is not { } others ? null
            : others.IsNever ? Wrong(path, "There is no such field.")
            : Check(others, member.Value, path, depth + 1);
    }

    private static JsonElement NameOf(string name) => JsonElement.Parse(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(name)}\""));

    private static string Short(JsonElement value) => value.GetRawText() is { Length: <= 60 } text ? text : $"{value.GetRawText().AsSpan(0, 60)}…";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Problem Wrong(string path, string detail) => new(path, "schema_violation", detail);
}
