namespace Personalization.Core.Statistics;

/// <summary>When an experiment that is looked at on the way may be called.</summary>
public enum StoppingRule
{
    /// <summary>Once, at the end that was planned. Looking earlier and stopping breaks its promise.</summary>
    Fixed,

    /// <summary>At any of a number of planned looks: Lan and DeMets' bounds.</summary>
    GroupSequential,

    /// <summary>At any time at all: an asymptotic confidence sequence.</summary>
    ConfidenceSequence,
}
