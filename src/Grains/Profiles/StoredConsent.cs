namespace Personalization.Grains.Profiles;

/// <summary>What a profile says of a person's choices.</summary>
/// <param name="Choices">As <see cref="Core.Profiles.ConsentChoices.ToBytes"/> gives them; null where nothing was chosen.</param>
/// <param name="Owner">The login whose choices hold instead, where this is a device of one.</param>
[GenerateSerializer]
[Immutable]
[Alias("pz.stored-consent")]
public sealed record StoredConsent([property: Id(0)] byte[]? Choices, [property: Id(1)] string? Owner);
