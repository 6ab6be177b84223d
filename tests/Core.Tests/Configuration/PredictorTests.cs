using System.Text.Json;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Predictions;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Tests.Configuration;

public sealed class PredictorTests
{
    private const string Intent = """
        {"kind": "logistic", "intercept": -1, "inputs": [
          {"feature": "session.views", "mean": 2, "scale": 2, "coefficient": 0.5},
          {"feature": "top.category", "is": "shoes", "mean": 0.5, "scale": 0.5, "coefficient": 1}]}
        """;

    // The CDNOW estimates of Fader, Hardie and Lee (2005) and of note 025 (2013).
    private const string Value = """
        {"kind": "value", "unitDays": 7, "orders": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, "spend": {"p": 6.25, "q": 3.74, "gamma": 15.44}}
        """;

    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_probability_is_a_feature_that_conditions_can_ask_for()
    {
        var state = State($$$"""{"predictors": {"intent.purchase": {{{Intent}}}}, "segments": {"likely": {"condition": {"intent.purchase": {"$gt": 0.3} } } } }""");
        var feature = state.Plan.Features.Find("intent.purchase", out _)!;
        var words = new Vocabulary();

        var stranger = new DecisionContext(new UserProfile("s"), new DecisionRequest { UserId = "s" }, Now.ToUnixTimeMilliseconds(), words, 0);
        var shopper = new UserProfile("p");
        for (var i = 0; i < 4; i++)
        {
            shopper.Fold(Event(EventTypes.View, $"{i}", Now.AddMinutes(-5), "shoes"), i + 1, words);
        }

        var context = stranger with { Profile = shopper };

        // By hand: -1 + .5 (0 - 2)/2 + (0 - .5)/.5 = -2.5, and -1 + .5 (4 - 2)/2 + (1 - .5)/.5 = .5.
        Assert.Equal(1 / (1 + Math.Exp(2.5)), feature.Read(stranger).Number, 1e-12);
        Assert.Equal(1 / (1 + Math.Exp(-0.5)), feature.Read(context).Number, 1e-12);
        Assert.Equal(["likely"], state.Plan.SegmentsOf(context));
        Assert.Empty(state.Plan.SegmentsOf(stranger));
        Assert.Contains(state.Plan.Features.Families, family => family.Pattern.ToString() == "intent.purchase");
    }

    [Fact]
    public void A_customers_worth_is_what_the_models_say_of_their_orders()
    {
        var features = State($$$"""{"predictors": {"value": {{{Value}}} } }""").Plan.Features;
        var words = new Vocabulary();
        var customer = new UserProfile("c");

        // Three orders: repeats at 10 and 30.43 weeks, 38.86 weeks ago the first: the spreadsheet's x = 2, t_x = 30.43, T = 38.86.
        var first = Now.AddDays(-38.86 * 7);
        customer.Fold(Event(EventTypes.Purchase, "1", first, null, 30), 1, words);
        customer.Fold(Event(EventTypes.Purchase, "2", first.AddDays(70), null, 20), 2, words);
        customer.Fold(Event(EventTypes.Purchase, "3", first.AddDays(30.43 * 7), null, 10), 3, words);
        var context = new DecisionContext(customer, new DecisionRequest { UserId = "c" }, Now.ToUnixTimeMilliseconds(), words, 3);

        Assert.Equal(1 - (1 / 1.37633), Read("value.churnProbability"), 0.0005);
        Assert.Equal(1.226, Read("value.expectedOrders.273"), 0.002);

        // (15.44 + 3 · 20) · 6.25 / (6.25 · 3 + 3.74 - 1) = 21.94 an order.
        Assert.Equal(1.226 * 21.94, Read("value.expectedSpend.273"), 0.05);
        Assert.True(features.Find("value.churnProbability", out _)!.Read(context with { Profile = new UserProfile("stranger") }).IsNothing);
        Assert.Null(features.Find("value.expectedOrders.soon", out var problem));
        Assert.Contains("soon", problem, StringComparison.Ordinal);

        double Read(string name) => features.Find(name, out _)!.Read(context).Number;
    }

    [Fact]
    public void What_was_denied_to_an_input_is_denied_to_the_probability()
    {
        var state = State($$$"""{"predictors": {"intent.purchase": {{{Intent}}} } }""");
        var feature = state.Plan.Features.Find("intent.purchase", out _)!;
        var context = new DecisionContext(
            new UserProfile("s"), new DecisionRequest { UserId = "s" }, Now.ToUnixTimeMilliseconds(), new Vocabulary(), 0) { Denied = Purposes.Personalization };
        Assert.True(feature.Purposes.HasFlag(Purposes.Personalization));
        Assert.True(feature.Read(context).IsNothing);
    }

    [Theory]
    [InlineData("intent.purchase", """{"kind": "logistic", "inputs": []}""", "predictors.intent.purchase.intercept", "required")]
    [InlineData("intent.purchase", """{"kind": "tree"}""", "predictors.intent.purchase.kind", "unknown_value")]
    [InlineData("intent.purchase", """{}""", "predictors.intent.purchase.kind", "required")]
    [InlineData("purchase", """{"kind": "logistic", "inputs": [], "intercept": 0}""", "predictors.purchase", "invalid_id")]
    [InlineData("other", """{"kind": "value", "orders": {"r": 1, "alpha": 1, "a": 1, "b": 1}}""", "predictors.other", "invalid_id")]
    [InlineData("value", """{"kind": "value", "orders": {"r": 1, "alpha": 0, "a": 1, "b": 1}}""", "predictors.value.orders.alpha", "out_of_range")]
    [InlineData("value", """{"kind": "value", "orders": {"r": 1, "alpha": 1, "a": 1, "b": 1}, "spend": {"p": 1, "q": 1, "gamma": 1}}""", "predictors.value.spend.q", "out_of_range")]
    [InlineData("intent.x", """{"kind": "logistic", "intercept": 0, "inputs": [{"feature": "sesion.views", "coefficient": 1}]}""", "predictors.intent.x.inputs[0].feature", "unknown_feature")]
    [InlineData("intent.x", """{"kind": "logistic", "intercept": 0, "inputs": [{"feature": "session.views", "coefficient": 1, "scale": 0}]}""", "predictors.intent.x.inputs[0].scale", "out_of_range")]
    [InlineData("intent.x", """{"kind": "logistic", "intercept": 0, "inputs": [{"feature": "intent.x", "coefficient": 1}]}""", "predictors.intent.x.inputs[0].feature", "unknown_feature")]
    public void A_predictor_that_is_none_is_refused_with_the_path(string id, string body, string path, string code)
    {
        var problems = Apply($$"""{"predictors": {"{{id}}": {{body}} } }""").Outcome.Problems;
        Assert.Contains(problems, problem => (problem.Path, problem.Code) == (path, code));
    }

    [Fact]
    public void Predictors_that_look_at_each_other_in_a_circle_are_refused()
    {
        var problems = Apply("""
            {"segments": {"s": {"condition": {"intent.a": {"$gt": 0}}}},
             "predictors": {"intent.a": {"kind": "logistic", "intercept": 0, "inputs": [{"feature": "segments.s", "coefficient": 1}]}}}
            """).Outcome.Problems;
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void A_condition_on_a_predictor_that_is_not_there_is_refused() =>
        Assert.Contains(
            Apply("""{"segments": {"s": {"condition": {"intent.purchase": {"$gt": 0}}}}}""").Outcome.Problems, problem => problem.Path.StartsWith("segments.s", StringComparison.Ordinal));

    private static ConfigurationState State(string json)
    {
        var (state, outcome) = Apply(json);
        Assert.Empty(outcome.Problems);
        return state;
    }

    private static (ConfigurationState State, ChangeOutcome Outcome) Apply(string json)
    {
        var problems = new List<Problem>();
        var change = ChangeReader.Read(JsonElement.Parse(json), problems);
        Assert.Empty(problems);
        var outcome = ConfigurationState.Empty.Apply(change, new Vocabulary(), out var next);
        return (next, outcome);
    }

    private static Event Event(string type, string id, DateTimeOffset at, string? category, double price = double.NaN) => new Event
    {
        MessageId = id,
        Type = type,
        Timestamp = at.ToUnixTimeMilliseconds(),
        ReceivedAt = at.ToUnixTimeMilliseconds(),
        UserId = "p",
        ItemId = "item",
        Price = price,
    }.With(category, null);
}
