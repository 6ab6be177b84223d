namespace Personalization.Core.Events;

/// <summary>One experiment's variant that a person really saw.</summary>
/// <param name="Experiment">The experiment's id.</param>
/// <param name="Version">The experiment's version, 1 or more: a person keeps the variant for as long as it stays the same.</param>
/// <param name="Variant">The variant's key.</param>
public sealed record Exposure(string Experiment, int Version, string Variant);
