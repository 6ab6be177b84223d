namespace Personalization.Core.Features;

/// <summary>The bounds between scores 1 to 5, ascending; a value equal to a bound counts as below it.</summary>
/// <param name="RecencyDays">Days since the last order. Fewer are better: at most the first bound scores 5.</param>
/// <param name="Orders">How many orders: more than the last bound scores 5.</param>
/// <param name="Revenue">Revenue in the shop's currency: more than the last bound scores 5.</param>
public sealed record RfmBounds(IReadOnlyList<double> RecencyDays, IReadOnlyList<double> Orders, IReadOnlyList<double> Revenue)
{
    /// <summary>The quintiles of the customers of a real shop, rounded: UCI 352 "Online Retail", 4 086 customers on 2011-11-10.</summary>
    /// <remarks>
    /// Five scores by quintile: A. M. Hughes, Strategic Database Marketing (1994). A shop that has other customers, or another
    /// currency, states its own.
    /// </remarks>
    public static readonly RfmBounds Default = new([13, 35, 77, 181], [1, 2, 3, 5], [236, 460, 867, 1868]);

    /// <summary>Scores a value of which more is better: 1 to 5.</summary>
    public static int Score(double value, IReadOnlyList<double> bounds)
    {
        var score = 1;
        for (var i = 0; i < bounds.Count; i++)
        {
            score += value > bounds[i] ? 1 : 0;
        }

        return score;
    }
}
