namespace Personalization.Core.Profiles;

/// <summary>How often a type of event happened to a person in all.</summary>
/// <param name="Type">The event type.</param>
/// <param name="Total">How often.</param>
public readonly record struct TypeTotal(string Type, long Total);
