namespace Personalization.Core.Features;

/// <summary>The features that every server has. What is asked of people rather than of the configuration is added here, family by family.</summary>
public static class StandardFeatures
{
    /// <summary>All families, in the order they are listed in.</summary>
    public static readonly IReadOnlyList<FeatureFamily> All =
    [
        .. EventFeatures.Families,
        .. RateFeatures.Families,
        .. RecencyFeatures.Families,
        .. InterestFeatures.Families,
        .. DistinctFeatures.Families,
        .. SessionFeatures.Families,
        .. ProfileFeatures.Families,
        .. CommerceFeatures.Families,
        .. RfmFeatures.Families,
        .. LifecycleFeatures.Families,
        .. SignalFeatures.Families,
        .. SegmentFeatures.Families,
        .. RequestFeatures.Families,
        .. ReferrerFeatures.Families,
        .. ClientFeatures.Families,
        .. TimeFeatures.Families,
    ];
}
