namespace Personalization.Core.Features;

/// <summary>Where a feature's value comes from, and so where it can be asked for.</summary>
public enum FeatureSource
{
    /// <summary>The profile: it has a value at any time.</summary>
    Profile,

    /// <summary>The request for a decision: outside of one it reads as its default.</summary>
    Request,
}
