using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>A named value read from the profile or the request, ready to be read.</summary>
/// <param name="Name">Its name: <c>events.view.1h</c>.</param>
/// <param name="Family">What describes it and its siblings.</param>
/// <param name="Purposes">What it is read for; where the person denied one of them it reads as the family's default.</param>
/// <param name="Read">Reads it. Never throws, and allocates nothing for numbers and booleans.</param>
public sealed record Feature(string Name, FeatureFamily Family, Purposes Purposes, AttributeReader<DecisionContext> Read);
