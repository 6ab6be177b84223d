using Personalization.Core.Conditions;

namespace Personalization.Core.Decisions;

/// <summary>A named value read from the profile or the request.</summary>
/// <param name="Name">Its path: <c>events.view.1h</c>.</param>
/// <param name="Read">Reads it.</param>
public sealed record Feature(string Name, AttributeReader<DecisionContext> Read);
