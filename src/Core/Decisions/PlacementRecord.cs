namespace Personalization.Core.Decisions;

/// <summary>What one placement showed, by ids.</summary>
/// <param name="Name">The placement's name.</param>
/// <param name="Reason">Why.</param>
/// <param name="Experience">The experience's id, or null for the control.</param>
/// <param name="Experiment">The experiment's id, if one assigned it.</param>
/// <param name="Version">The experiment's version; 0 without one.</param>
/// <param name="Variant">The variant's key, if one was assigned.</param>
/// <param name="Propensity">The probability with which the outcome was drawn.</param>
/// <param name="Items">The items, best first.</param>
public sealed record PlacementRecord(
    string Name,
    DecisionReason Reason,
    string? Experience,
    string? Experiment,
    int Version,
    string? Variant,
    double Propensity,
    IReadOnlyList<ItemRecord> Items);
