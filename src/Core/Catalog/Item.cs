using Personalization.Core.Conditions;

namespace Personalization.Core.Catalog;

/// <summary>One thing the shop shows or sells.</summary>
public sealed record Item
{
    /// <summary>Gets the id, 1 to 256 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name shown to people.</summary>
    public string? Title { get; init; }

    /// <summary>Gets the address of its page: http(s), or a path from the site's root.</summary>
    public string? Url { get; init; }

    /// <summary>Gets the address of its picture: http(s), or a path from the site's root.</summary>
    public string? Image { get; init; }

    /// <summary>Gets the category.</summary>
    public string? Category { get; init; }

    /// <summary>Gets the brand.</summary>
    public string? Brand { get; init; }

    /// <summary>Gets the price of one unit in the shop's currency, 0 or more; null where it has none.</summary>
    public double? Price { get; init; }

    /// <summary>Gets how many are left, 0 or more; null where stock is not counted. With 0 the item is never recommended.</summary>
    public int? Stock { get; init; }

    /// <summary>Gets the earnings on one unit in the shop's currency; null where unknown.</summary>
    public double? Margin { get; init; }

    /// <summary>Gets any further named attributes: text, numbers and booleans.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Attributes { get; init; } =
        System.Collections.Immutable.ImmutableDictionary<string, AttributeValue>.Empty;

    /// <summary>Gets whether it can be recommended now.</summary>
    public bool IsAvailable => Stock is null or > 0;
}
