using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>Features that differ only in the parameters of their names, or a single one: what they are, and how they are read.</summary>
/// <param name="Pattern">Their names: <c>events.&lt;type&gt;.&lt;window&gt;</c>.</param>
/// <param name="Type">What the value is.</param>
/// <param name="Description">What it says, with ranges, bounds and the source of a formula. One or two sentences.</param>
/// <param name="Bind">Makes the reader of one of them, or gives null where <see cref="FeatureBinding.Problem"/> says why there is none.</param>
public sealed record FeatureFamily(
    FeaturePattern Pattern,
    FeatureType Type,
    string Description,
    Func<FeatureBinding, AttributeReader<DecisionContext>?> Bind)
{
    /// <summary>Describes a single feature.</summary>
    public FeatureFamily(string name, FeatureType type, string description, AttributeReader<DecisionContext> read)
        : this(new FeaturePattern(name, []), type, description, _ => read)
    {
    }

    /// <summary>Describes a family.</summary>
    public FeatureFamily(
        string pattern,
        IReadOnlyList<FeatureParameter> parameters,
        FeatureType type,
        string description,
        Func<FeatureBinding, AttributeReader<DecisionContext>?> bind)
        : this(new FeaturePattern(pattern, parameters), type, description, bind)
    {
    }

    /// <summary>Gets what a number counts or measures: <c>events</c>, <c>minutes</c>; empty where it has no unit.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Gets what it is read for. Where the person denied one of these it reads as <see cref="Default"/>.</summary>
    public Purposes Purposes { get; init; } = Purposes.Personalization;

    /// <summary>Gets the value for somebody of whom nothing is known.</summary>
    public AttributeValue Default { get; init; }

    /// <summary>Gets where it comes from.</summary>
    public FeatureSource Source { get; init; }
}
