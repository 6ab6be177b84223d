using Personalization.Core.Conditions;
using Personalization.Core.Experiments;

namespace Personalization.Core.Decisions;

/// <summary>A running experiment as decisions see it: who takes part, and which variant each person gets.</summary>
public sealed class Experiment
{
    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the id's number in the <see cref="Vocabulary"/>.</summary>
    public required int Symbol { get; init; }

    /// <summary>Gets the version: while it stays the same, people keep the variant they were exposed to.</summary>
    public required int Version { get; init; }

    /// <summary>Gets the seed that the device's or person's id is hashed with; the id unless configured.</summary>
    public required string Seed { get; init; }

    /// <summary>Gets the hash, 1 or 2, of GrowthBook's SDK specification.</summary>
    public required int HashVersion { get; init; }

    /// <summary>Gets what the hash draws by.</summary>
    public AssignmentUnit AssignBy { get; init; }

    /// <summary>Gets who takes part, or null for everybody.</summary>
    public Condition<DecisionContext>? Audience { get; init; }

    /// <summary>Gets the variants; their weights sum to 1.</summary>
    public required IReadOnlyList<Variant> Variants { get; init; }

    /// <summary>Gets the part of [0, 1) that belongs to each variant; what coverage leaves out belongs to none.</summary>
    public required BucketRange[] Ranges { get; init; }

    /// <summary>Finds a variant by its key's number; null where there is none.</summary>
    public Variant? Find(int symbol)
    {
        foreach (var variant in Variants)
        {
            if (variant.Symbol == symbol)
            {
                return variant;
            }
        }

        return null;
    }
}
