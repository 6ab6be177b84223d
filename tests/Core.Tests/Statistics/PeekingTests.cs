using Personalization.Core.Statistics;

namespace Personalization.Core.Tests.Statistics;

/// <summary>What peeking does to each rule, seen in simulated experiments. `make bench` runs all 20 000 of each.</summary>
public sealed class PeekingTests
{
    private const int Runs = 8000;
    private const int Looks = 30;
    private const double Alpha = 0.05;
    private const double People = 100_000;

    // Three standard errors of a share of 5 % in 8 000 experiments.
    private const double Tolerance = 0.0073;

    private static readonly double FixedDrift = new TestDesign(StoppingRule.Fixed, Alpha, 1).Drift(People, 0.8);

    [Theory]
    [InlineData(StoppingRule.GroupSequential)]
    [InlineData(StoppingRule.ConfidenceSequence)]
    public void A_sequential_rule_may_be_looked_at_thirty_times(StoppingRule rule)
    {
        var bounds = new TestDesign(rule, Alpha, Looks).Bounds(People);

        var result = DesignSimulation.Run(bounds, drift: 0, Runs, new Random(1));

        Assert.InRange(result.Called, 0, Alpha + Tolerance);
    }

    [Fact]
    public void A_fixed_test_that_is_looked_at_thirty_times_finds_what_is_not_there_in_more_than_a_quarter()
    {
        // Notes on other products, "Peeking": 28.1 % of 20 000 null experiments.
        var bounds = Enumerable.Repeat(1.959963984540054, Looks).ToArray();

        var result = DesignSimulation.Run(bounds, drift: 0, Runs, new Random(2));

        Assert.InRange(result.Called, 0.281 - 0.016, 0.281 + 0.016);
    }

    [Fact]
    public void Group_sequential_bounds_keep_most_of_the_power_of_the_fixed_test()
    {
        // The same notes: power 0.757 where the fixed test has 0.80, stopping at look 21.3 of 30 on average.
        var design = new TestDesign(StoppingRule.GroupSequential, Alpha, Looks);

        var result = DesignSimulation.Run(design.Bounds(People), FixedDrift, Runs, new Random(3));

        Assert.InRange(result.Called, 0.757 - 0.0145, 0.757 + 0.0145);
        Assert.InRange(result.MeanLook, 20.8, 21.8);
        Assert.Equal(design.Called(People, FixedDrift)[^1], result.Called, 0.0145);
    }

    [Fact]
    public void The_exact_probability_to_call_a_null_experiment_is_the_error_that_was_asked_for()
    {
        var design = new TestDesign(StoppingRule.GroupSequential, Alpha, Looks);

        Assert.Equal(Alpha, design.Called(People, 0)[^1], 1e-7);
    }

    [Fact]
    public void A_plan_is_the_same_whichever_two_of_its_figures_are_given()
    {
        foreach (var rule in Enum.GetValues<StoppingRule>())
        {
            var plan = new ExperimentPlan(Baseline.OfProportion(0.1), new TestDesign(rule, Alpha, rule == StoppingRule.Fixed ? 1 : 10), 0.5, 0.5);

            var people = plan.People(0.05, 0.8);

            Assert.Equal(0.8, plan.Power(0.05, people), 1e-3);
            Assert.Equal(0.05, plan.SmallestEffect(people, 0.8), 1e-5);
        }
    }
}
