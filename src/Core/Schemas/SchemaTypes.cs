using System.Text.Json;

namespace Personalization.Core.Schemas;

/// <summary>The types that a schema allows. A set of flags.</summary>
[Flags]
internal enum SchemaTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,

    /// <summary>Any number, whole ones included.</summary>
    Number = 8 | Integer,
    String = 16,
    Array = 32,
    Object = 64,
    All = Null | Boolean | Number | String | Array | Object,
}

/// <summary>The types by name and by value.</summary>
internal static class SchemaTypeNames
{
    /// <summary>Finds a type by its name; <see cref="SchemaTypes.None"/> where there is none.</summary>
    public static SchemaTypes Parse(string? name) => name switch
    {
        "null" => SchemaTypes.Null,
        "boolean" => SchemaTypes.Boolean,
        "integer" => SchemaTypes.Integer,
        "number" => SchemaTypes.Number,
        "string" => SchemaTypes.String,
        "array" => SchemaTypes.Array,
        "object" => SchemaTypes.Object,
        _ => SchemaTypes.None,
    };

    /// <summary>Gives a value's type: integer for a number without a fraction, however it is written.</summary>
    public static SchemaTypes Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => SchemaTypes.Null,
        JsonValueKind.True or JsonValueKind.False => SchemaTypes.Boolean,
        JsonValueKind.Number => value.GetDouble() is var number && number == Math.Floor(number) ? SchemaTypes.Integer : SchemaTypes.Number & ~SchemaTypes.Integer,
        JsonValueKind.String => SchemaTypes.String,
        JsonValueKind.Array => SchemaTypes.Array,
        _ => SchemaTypes.Object,
    };

    /// <summary>Names the types for a message.</summary>
    public static string Describe(SchemaTypes types)
    {
        var names = new List<string>();
        foreach (var name in (ReadOnlySpan<string>)["null", "boolean", "number", "integer", "string", "array", "object"])
        {
            var one = Parse(name);
            if ((types & one) == one && !(name == "integer" && (types & SchemaTypes.Number) == SchemaTypes.Number))
            {
                names.Add(name);
            }
        }

        return string.Join(" or ", names);
    }
}
