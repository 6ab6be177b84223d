using Personalization.Core.Predictions;

namespace Personalization.Core.Tests.Predictions;

/// <summary>
/// Published values: BG/NBD from Fader, Hardie and Lee (2005) and the authors' spreadsheet to it, as lifetimes 0.11's tests quote it; P(alive)
/// by the closed form of their note 021; Gamma-Gamma from Fader and Hardie's note 025 (2013) and its spreadsheet.
/// </summary>
public sealed class CustomerValueTests
{
    // The estimates for CDNOW, in weeks (2005, table 2).
    private static readonly BetaGeometric Cdnow = new(R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426);

    // The estimates for CDNOW's spend, in dollars (note 025, section 4).
    private static readonly GammaGamma CdnowSpend = new(P: 6.25, Q: 3.74, Gamma: 15.44);

    [Theory]
    [InlineData(0.1429, 0.0078)]
    [InlineData(1, 0.0532)]
    [InlineData(3, 0.1506)]
    [InlineData(31.8571, 1.0405)]
    [InlineData(32, 1.0437)]
    [InlineData(78, 1.8576)]
    public void A_newcomers_orders_are_those_of_the_authors_spreadsheet(double weeks, double orders) =>
        // The sheet holds the estimates unrounded, so the third figure may differ.
        Assert.Equal(1, Cdnow.ExpectedOrders(weeks) / orders, 0.006);

    [Fact]
    public void A_customers_orders_are_those_of_the_authors_spreadsheet() =>
        Assert.Equal(1.226, Cdnow.ExpectedOrders(new CustomerHistory(2, 30.43, 38.86), 39), 0.001);

    [Fact]
    public void A_customer_of_two_repeats_is_alive_as_the_closed_form_says() =>
        // 1 / (1 + a/(b+1) ((α+T)/(α+t))^(r+2)) with the numbers put in: 0.23147 · 1.24194^2.243 = 0.37633.
        Assert.Equal(1 / 1.37633, Cdnow.ProbabilityAlive(new CustomerHistory(2, 30.43, 38.86)), 0.0001);

    [Fact]
    public void Who_has_not_come_back_yet_is_alive_by_the_model() => Assert.Equal(1, Cdnow.ProbabilityAlive(new CustomerHistory(0, 0, 500)));

    [Fact]
    public void The_longer_a_customer_stays_away_the_less_alive_they_are_and_a_frequent_one_falls_faster()
    {
        var rare = Enumerable.Range(0, 50).Select(week => Cdnow.ProbabilityAlive(new CustomerHistory(2, 20, 20 + week))).ToArray();
        var frequent = Enumerable.Range(0, 50).Select(week => Cdnow.ProbabilityAlive(new CustomerHistory(20, 20, 20 + week))).ToArray();
        Assert.Equal(rare.OrderDescending(), rare);
        Assert.Equal(frequent.OrderDescending(), frequent);
        Assert.True(frequent[^1] < rare[^1]);
        Assert.True(frequent[0] > rare[0]);
    }

    [Theory]
    [InlineData(2, 22.35, 24.65)]
    [InlineData(1, 11.77, 18.91)]
    [InlineData(0, 0, 35.17)]
    public void An_orders_expected_worth_is_that_of_the_authors_spreadsheet(int orders, double mean, double expected) =>
        Assert.Equal(expected, CdnowSpend.ExpectedSpend(new CustomerHistory(0, 0, 0, orders, mean)), 0.1);

    [Fact]
    public void Loyal_customers_and_long_horizons_stay_within_range()
    {
        foreach (var repeats in (int[])[0, 1, 10, 100, 1000])
        {
            foreach (var horizon in (double[])[1e-6, 1, 52, 5200, 5e5])
            {
                var expected = Cdnow.ExpectedOrders(new CustomerHistory(repeats, repeats == 0 ? 0 : 100, 101), horizon);
                Assert.True(expected is >= 0 and < 1e6, $"{repeats} repeats, {horizon} weeks: {expected}");
            }
        }

        // Where a = 1 the published formula is 0/0.
        var at = new BetaGeometric(0.5, 5, 1, 2).ExpectedOrders(new CustomerHistory(3, 10, 12), 10);
        Assert.Equal(new BetaGeometric(0.5, 5, 1.001, 2).ExpectedOrders(new CustomerHistory(3, 10, 12), 10), at, 0.001);
    }

    [Fact]
    public void The_model_that_customers_were_drawn_from_is_found_again()
    {
        var random = new Random(7);
        var customers = Enumerable.Range(0, 4000).Select(_ => Draw(random, new BetaGeometric(0.8, 6, 1.2, 3), new GammaGamma(6, 4, 15))).ToArray();
        var orders = CustomerValueFit.FitOrders(customers);
        var spend = CustomerValueFit.FitSpend(customers);

        // The parameters trade places with one another; what they say does not.
        Assert.InRange(orders.ExpectedOrders(26) / new BetaGeometric(0.8, 6, 1.2, 3).ExpectedOrders(26), 0.93, 1.07);
        Assert.InRange(spend.ExpectedSpend(default) / new GammaGamma(6, 4, 15).ExpectedSpend(default), 0.95, 1.05);
        Assert.InRange(orders.R, 0.6, 1.05);
        Assert.InRange(spend.Q, 3.3, 4.9);

        double Loss(BetaGeometric model) => -customers.Sum(customer => model.LogLikelihood(customer));
        Assert.True(Loss(orders) <= Loss(new BetaGeometric(0.8, 6, 1.2, 3)), "The true parameters explain the data better than the fitted ones.");
    }

    [Fact]
    public void Too_few_customers_and_those_who_never_come_back_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CustomerValueFit.FitOrders([new CustomerHistory(1, 1, 2)]));
        Assert.Throws<ArgumentException>(() => CustomerValueFit.FitOrders([.. Enumerable.Repeat(new CustomerHistory(0, 0, 9), 100)]));
        Assert.Throws<ArgumentException>(() => CustomerValueFit.FitOrders([.. Enumerable.Repeat(new CustomerHistory(1, 9, 2), 100)]));
    }

    [SharedFact("data/online-retail/online_retail_to_2011-11-09.csv.gz")]
    public void A_gift_shops_customers_give_a_model_that_foretells_a_held_out_quarter()
    {
        // Fitted on orders before August 2011, asked how many orders the quarter after brings from the same customers.
        var split = new DateTime(2011, 8, 1);
        var orders = OnlineRetail.Orders().ToLookup(order => order.Customer);
        var before = orders.Where(customer => customer.Any(order => order.At < split)).ToArray();
        var histories = before.Select(customer => HistoryOf([.. customer.Where(order => order.At < split)], split)).ToArray();
        var actual = before.Sum(customer => customer.Count(order => order.At >= split && order.At < split.AddDays(91)));

        var model = CustomerValueFit.FitOrders(histories);
        var spend = CustomerValueFit.FitSpend(histories);
        var expected = histories.Sum(history => model.ExpectedOrders(history, 13));

        Assert.InRange(histories.Length, 2500, 4000);
        Assert.InRange(expected / actual, 0.75, 1.25);
        Assert.All(histories, history => Assert.InRange(model.ProbabilityAlive(history), 0, 1));

        // The customer the model has never met is worth about what a customer's orders are worth on average.
        var average = histories.Where(history => history.MeanSpend > 0).Average(history => history.MeanSpend);
        Assert.InRange(spend.ExpectedSpend(default) / average, 0.8, 1.25);
    }

    private static CustomerHistory HistoryOf((string Customer, DateTime At, double Worth)[] orders, DateTime now)
    {
        var (first, last) = (orders.Min(order => order.At), orders.Max(order => order.At));
        return new CustomerHistory(
            orders.Length - 1, (last - first).TotalDays / 7, (now - first).TotalDays / 7, orders.Length, orders.Average(order => order.Worth));
    }

    private static CustomerHistory Draw(Random random, BetaGeometric orders, GammaGamma spend)
    {
        var rate = Gamma(random, orders.R) / orders.Alpha;
        var left = Gamma(random, orders.A);
        var leave = left / (left + Gamma(random, orders.B));
        var age = 20 + (random.NextDouble() * 60);
        double at = 0, last = 0;
        var repeats = 0;
        while (true)
        {
            at += -Math.Log(1 - random.NextDouble()) / rate;
            if (at > age)
            {
                break;
            }

            (last, repeats) = (at, repeats + 1);
            if (random.NextDouble() < leave)
            {
                break;
            }
        }

        var scale = Gamma(random, spend.Q) / spend.Gamma;
        var worth = Enumerable.Range(0, repeats + 1).Average(_ => Gamma(random, spend.P) / scale);
        return new CustomerHistory(repeats, last, age, repeats + 1, worth);
    }

    // Marsaglia and Tsang (2000).
    private static double Gamma(Random random, double shape)
    {
        if (shape < 1)
        {
            return Gamma(random, shape + 1) * Math.Pow(random.NextDouble(), 1 / shape);
        }

        var d = shape - (1 / 3.0);
        while (true)
        {
            var x = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var v = Math.Pow(1 + (x / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }
}
