using System.Text.Json;
using Personalization.Core.Conditions;

namespace Personalization.Core.Schemas;

/// <summary>One schema, compiled: what it asks of a value. Null and empty members ask nothing.</summary>
internal sealed class SchemaNode
{
    /// <summary>The schema <c>true</c>, and whatever asks nothing.</summary>
    public static readonly SchemaNode Anything = new();

    /// <summary>Gets whether this is the schema <c>false</c>.</summary>
    public bool IsNever { get; init; }

    public SchemaTypes Types { get; set; } = SchemaTypes.All;

    public IReadOnlyList<JsonElement>? Enum { get; set; }

    public double? Minimum { get; set; }

    public double? ExclusiveMinimum { get; set; }

    public double? Maximum { get; set; }

    public double? ExclusiveMaximum { get; set; }

    public decimal? MultipleOf { get; set; }

    public int? MinLength { get; set; }

    public int? MaxLength { get; set; }

    public EcmaPattern? Pattern { get; set; }

    public string? Format { get; set; }

    public int? MinItems { get; set; }

    public int? MaxItems { get; set; }

    public bool UniqueItems { get; set; }

    public IReadOnlyList<SchemaNode> PrefixItems { get; set; } = [];

    public SchemaNode? Items { get; set; }

    public int? MinProperties { get; set; }

    public int? MaxProperties { get; set; }

    public IReadOnlyList<string> Required { get; set; } = [];

    public IReadOnlyDictionary<string, SchemaNode> Properties { get; set; } = new Dictionary<string, SchemaNode>();

    public IReadOnlyList<(EcmaPattern Pattern, SchemaNode Schema)> PatternProperties { get; set; } = [];

    public SchemaNode? AdditionalProperties { get; set; }

    public SchemaNode? PropertyNames { get; set; }

    public IReadOnlyList<SchemaNode> AllOf { get; set; } = [];

    public IReadOnlyList<SchemaNode>? AnyOf { get; set; }

    public IReadOnlyList<SchemaNode>? OneOf { get; set; }

    public SchemaNode? Not { get; set; }

    /// <summary>Gets or sets where <c>$ref</c> leads.</summary>
    public SchemaNode? Reference { get; set; }
}
