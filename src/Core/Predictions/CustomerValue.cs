namespace Personalization.Core.Predictions;

/// <summary>What customers are worth: how often they order, and for how much.</summary>
/// <param name="UnitDays">How many days the unit of time of <paramref name="Orders"/> has.</param>
/// <param name="Orders">How often they order, and when they stop.</param>
/// <param name="Spend">What their orders are worth; null where that was not fitted.</param>
public sealed record CustomerValue(double UnitDays, BetaGeometric Orders, GammaGamma? Spend)
{
    private const double SecondsPerDay = 86_400;

    /// <summary>Makes a customer's history from what a profile holds.</summary>
    /// <param name="orders">How many orders there were, 1 or more.</param>
    /// <param name="firstOrder">When the first was made, in seconds since the Unix epoch.</param>
    /// <param name="lastOrder">When the last was made.</param>
    /// <param name="revenue">What all of them were worth.</param>
    /// <param name="now">The time now.</param>
    public CustomerHistory HistoryOf(int orders, long firstOrder, long lastOrder, double revenue, long now)
    {
        var unit = UnitDays * SecondsPerDay;
        var recency = orders > 1 ? Math.Max(0, lastOrder - firstOrder) / unit : 0;
        return new CustomerHistory(orders - 1, recency, Math.Max(recency, (now - firstOrder) / unit), orders, revenue / orders);
    }

    /// <summary>Gives the probability that a customer has left, 0 to 1. Somebody with one order only has not, by the model.</summary>
    public double ChurnProbability(in CustomerHistory customer) => 1 - Orders.ProbabilityAlive(customer);

    /// <summary>Gives how many orders a customer makes in some days from now; 0 or more.</summary>
    public double ExpectedOrders(in CustomerHistory customer, double days) => Math.Max(0, Orders.ExpectedOrders(customer, days / UnitDays));

    /// <summary>Gives what a customer spends in some days from now; NaN where spend was not fitted.</summary>
    public double ExpectedSpend(in CustomerHistory customer, double days) =>
        Spend is null ? double.NaN : ExpectedOrders(customer, days) * Spend.ExpectedSpend(customer);
}
