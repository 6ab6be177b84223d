namespace Personalization.Core.Predictions;

/// <summary>What the models of buying look at of one customer, in the notation of Fader, Hardie and Lee (2005). Times are in units of the model's own.</summary>
/// <param name="Repeats">x: orders after the first one.</param>
/// <param name="Recency">t_x: the time from the first order to the last; 0 without repeats.</param>
/// <param name="Age">T: the time from the first order to now, at least <paramref name="Recency"/>.</param>
/// <param name="Orders">How many orders the mean is taken over.</param>
/// <param name="MeanSpend">m_x: what an order was worth on average, in the shop's currency.</param>
public readonly record struct CustomerHistory(int Repeats, double Recency, double Age, int Orders = 0, double MeanSpend = 0)
{
    /// <summary>Tells whether the numbers can be those of a customer.</summary>
    public bool IsValid => Repeats >= 0 && Recency >= 0 && Age >= Recency && double.IsFinite(Age) && (Repeats > 0 || Recency == 0);
}
