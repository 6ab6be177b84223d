namespace Personalization.Core.Profiles;

/// <summary>How often a type of event happened to a person in all, and when last.</summary>
/// <param name="Type">The event type.</param>
/// <param name="Total">How often.</param>
/// <param name="LastAt">When last, in seconds since the Unix epoch; 0 where that was not kept yet.</param>
public readonly record struct TypeTotal(string Type, uint Total, uint LastAt);
