namespace Personalization.Core.Features;

/// <summary>What features must know of the shop.</summary>
public sealed record ShopSettings
{
    /// <summary>The settings of a shop that set nothing.</summary>
    public static readonly ShopSettings Default = new();

    /// <summary>Gets the time zone that hours, weekdays and seasons are told in, where the page does not say its own; the default is UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Gets whether the shop's summer begins in December; the default is false.</summary>
    public bool IsSouthern { get; init; }

    /// <summary>Gets the hosts that are the shop's own besides the page's, with all hosts below them.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Gets the four bounds between the five scores of recency, frequency and money.</summary>
    public RfmBounds Rfm { get; init; } = RfmBounds.Default;

    /// <summary>Gets the bounds between the stages of a customer's life.</summary>
    public LifecycleBounds Lifecycle { get; init; } = LifecycleBounds.Default;
}
