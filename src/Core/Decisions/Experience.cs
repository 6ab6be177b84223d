using Personalization.Core.Catalog;
using Personalization.Core.Patches;

namespace Personalization.Core.Decisions;

/// <summary>One thing a placement can show: patches, or recommended items in a template.</summary>
public sealed class Experience
{
    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the patches, applied in order.</summary>
    public IReadOnlyList<Patch> Patches { get; init; } = [];

    /// <summary>Gets what items it recommends, or null where it has only patches.</summary>
    public Recommendation? Recommend { get; init; }

    /// <summary>Gets the template that shows the items, with its fragments, or null where there is none.</summary>
    public ItemTemplate? Template { get; init; }

    /// <summary>Gets whether the items alone are wanted, to be shown by the caller.</summary>
    public bool ItemsOnly { get; init; }
}
