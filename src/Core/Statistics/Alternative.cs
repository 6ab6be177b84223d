namespace Personalization.Core.Statistics;

/// <summary>What a test looks for.</summary>
public enum Alternative
{
    /// <summary>Any difference.</summary>
    TwoSided,

    /// <summary>A treatment that is above the control.</summary>
    Greater,

    /// <summary>A treatment that is below the control.</summary>
    Less,
}
