using Personalization.Core.Catalog;
using Personalization.Core.Conditions;

namespace Personalization.Core.Decisions;

/// <summary>Which items an experience recommends.</summary>
public sealed class Recommendation
{
    /// <summary>The most items a placement can show.</summary>
    public const int MostItems = 100;

    /// <summary>Gets the strategies, each filling what the ones before it left.</summary>
    public required IReadOnlyList<RecommendStrategy> Strategies { get; init; }

    /// <summary>Gets the most items, 1 to <see cref="MostItems"/>.</summary>
    public required int Limit { get; init; }

    /// <summary>Gets whether items the person took interest in lately are left out.</summary>
    public required bool ExcludeSeen { get; init; }

    /// <summary>Gets what an item must satisfy, or null for all.</summary>
    public Condition<Item>? Filter { get; init; }
}
