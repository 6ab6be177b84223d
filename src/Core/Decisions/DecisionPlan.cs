using System.Collections.Frozen;
using Personalization.Core.Catalog;
using Personalization.Core.Conditions;
using Personalization.Core.Features;
using Personalization.Core.Privacy;
using Personalization.Core.Schemas;

namespace Personalization.Core.Decisions;

/// <summary>The whole configuration, compiled: conditions are delegates, references are objects. Immutable; a decision reads it once.</summary>
public sealed class DecisionPlan
{
    /// <summary>The plan of a server that nothing is configured on.</summary>
    public static readonly DecisionPlan Empty = new()
    {
        Revision = 0,
        Placements = FrozenDictionary<string, Placement>.Empty,
        PlacementNames = [],
        Segments = FrozenDictionary<string, Condition<DecisionContext>>.Empty,
        Features = FeatureRegistry.Standard,
        Catalog = ItemCatalog.Empty,
    };

    /// <summary>Gets the revision of the configuration it was compiled from.</summary>
    public required long Revision { get; init; }

    /// <summary>Gets the placements by name.</summary>
    public required FrozenDictionary<string, Placement> Placements { get; init; }

    /// <summary>Gets the names of all placements, in order.</summary>
    public required IReadOnlyList<string> PlacementNames { get; init; }

    /// <summary>Gets the segments' conditions by id.</summary>
    public required FrozenDictionary<string, Condition<DecisionContext>> Segments { get; init; }

    /// <summary>Gets every feature there is, those that the configuration declares among them.</summary>
    public required FeatureRegistry Features { get; init; }

    /// <summary>Gets what events contribute to the features that the configuration declares.</summary>
    public ContributionRules Contributions { get; init; } = ContributionRules.None;

    /// <summary>Gets what the properties of events must look like.</summary>
    public EventSchemas Schemas { get; init; } = EventSchemas.None;

    /// <summary>Gets the items.</summary>
    public required ItemCatalog Catalog { get; init; }

    /// <summary>Gets how long what is kept for each purpose is kept.</summary>
    public RetentionPolicy Retention { get; init; } = RetentionPolicy.Default;

    /// <summary>Gives the ids of the segments a person is in, in order.</summary>
    public IReadOnlyList<string> SegmentsOf(DecisionContext context) =>
        [.. Segments.Where(segment => segment.Value.Matches(context)).Select(segment => segment.Key).Order(StringComparer.Ordinal)];

    /// <summary>Makes the plan with another catalog.</summary>
    public DecisionPlan With(ItemCatalog catalog, long revision) => new()
    {
        Revision = revision,
        Placements = Placements,
        PlacementNames = PlacementNames,
        Segments = Segments,
        Features = Features,
        Contributions = Contributions,
        Schemas = Schemas,
        Catalog = catalog,
        Retention = Retention,
    };
}
