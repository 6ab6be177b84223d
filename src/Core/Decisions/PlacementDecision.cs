namespace Personalization.Core.Decisions;

/// <summary>What one placement shows.</summary>
public sealed class PlacementDecision
{
    /// <summary>Gets the placement's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets why.</summary>
    public required DecisionReason Reason { get; init; }

    /// <summary>Gets the experience shown, or null for the control: the page as it is.</summary>
    public Experience? Experience { get; init; }

    /// <summary>Gets the experiment that assigned it, if one did.</summary>
    public Experiment? Experiment { get; init; }

    /// <summary>Gets the experiment's variant, if one was assigned.</summary>
    public Variant? Variant { get; init; }

    /// <summary>Gets the probability with which this outcome was drawn, in (0, 1]; 1 where nothing was drawn.</summary>
    public double Propensity { get; init; } = 1;

    /// <summary>Gets the items recommended, best first.</summary>
    public IReadOnlyList<DecidedItem> Items { get; init; } = [];
}
