namespace Personalization.Core.Statistics;

/// <summary>How a treatment is compared with the control.</summary>
public enum Difference
{
    /// <summary>Treatment minus control, in the unit of the metric.</summary>
    Absolute,

    /// <summary>Treatment minus control as a share of the control: 0.05 is five per cent more.</summary>
    Relative,
}
