using Personalization.Core.Conditions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>A feature that the configuration declares, read as <c>custom.&lt;id&gt;</c>: made of other features, or of what events contribute.</summary>
public sealed record CustomFeature
{
    /// <summary>What its name begins with.</summary>
    public const string Prefix = "custom.";

    /// <summary>Gets the id of the document.</summary>
    public required string Id { get; init; }

    /// <summary>Gets what it says.</summary>
    public required string Description { get; init; }

    /// <summary>Gets what the value is.</summary>
    public required FeatureType Type { get; init; }

    /// <summary>Gets the unit.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Gets what it is read for, and what events contribute to it for.</summary>
    public Purposes Purposes { get; init; } = Purposes.Personalization;

    /// <summary>Gets the value where there is none: nothing was contributed, or a division is by zero.</summary>
    public AttributeValue Default { get; init; }

    /// <summary>Gets how it is made of other features; null where it is not.</summary>
    public Derivation? Derivation { get; init; }

    /// <summary>Gets how events contribute to it; null where they don't.</summary>
    public ContributionRule? Rule { get; init; }
}
