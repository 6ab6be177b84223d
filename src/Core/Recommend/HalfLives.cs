namespace Personalization.Core.Recommend;

/// <summary>How fast what was learned fades, in seconds.</summary>
internal static class HalfLives
{
    /// <summary>Of popularity: two weeks.</summary>
    public const double Popularity = 14 * 86_400;

    /// <summary>Of the recent activity that trending compares with popularity: six hours.</summary>
    public const double Trend = 6 * 3_600;

    /// <summary>Of next-item transitions: 90 days. A shop's paths change more slowly than its fashions.</summary>
    public const double Transitions = 90 * 86_400;
}
