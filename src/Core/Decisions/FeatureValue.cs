using Personalization.Core.Conditions;

namespace Personalization.Core.Decisions;

/// <summary>A feature that conditions looked at, and what it was.</summary>
/// <param name="Name">The feature's path.</param>
/// <param name="Value">Its value when the decision was made.</param>
public readonly record struct FeatureValue(string Name, AttributeValue Value);
