using Personalization.Core.Conditions;

namespace Personalization.Core.Decisions;

/// <summary>An experience a placement may show, and to whom.</summary>
/// <param name="Experience">The experience.</param>
/// <param name="Audience">Who sees it, or null for everybody.</param>
public sealed record Choice(Experience Experience, Condition<DecisionContext>? Audience);
