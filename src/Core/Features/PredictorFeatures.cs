using System.Globalization;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Predictions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>The features that configured predictors give: a probability by its own name, and what a customer is worth.</summary>
internal static class PredictorFeatures
{
    private static readonly FeatureParameter Days = new("days", "from 1 to 3660 days from now");

    /// <summary>Gives the families of one predictor.</summary>
    public static IEnumerable<FeatureFamily> Of(Predictor predictor) => predictor switch
    {
        { Logistic: { } model } => [Probability(predictor, model)],
        { Value: { } value } => ValueFamilies(value),
        _ => [],
    };

    private static FeatureFamily Probability(Predictor predictor, LogisticModel model)
    {
        var isUnderWay = false;
        return new FeatureFamily(
            predictor.Id,
            [],
            FeatureType.Number,
            predictor.Description ?? "A probability, 0 to 1, by the logistic regression of that id.",
            Bind)
        {
            Unit = "probability",
        };

        AttributeReader<DecisionContext>? Bind(FeatureBinding binding)
        {
            if (isUnderWay)
            {
                binding.Problem = $"The predictor {predictor.Id} looks at itself in a circle.";
                return null;
            }

            isUnderWay = true;
            try
            {
                return Read(binding, model);
            }
            finally
            {
                isUnderWay = false;
            }
        }
    }

    private static AttributeReader<DecisionContext>? Read(FeatureBinding binding, LogisticModel model)
    {
        var inputs = model.Inputs.ToArray();
        var features = new Feature[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (binding.Registry.Find(inputs[i].Feature, out var problem) is not { } feature)
            {
                binding.Problem = problem;
                return null;
            }

            features[i] = feature;
            binding.Purposes |= feature.Purposes;
        }

        return context =>
        {
            // Inputs of one feature, one for each of its categories, stand together: it is read once.
            var sum = model.Intercept;
            var value = AttributeValue.Missing;
            for (var i = 0; i < inputs.Length; i++)
            {
                value = i > 0 && ReferenceEquals(features[i], features[i - 1]) ? value : features[i].Read(context);
                sum += inputs[i].Contribution(value);
            }

            return AttributeValue.From(LogisticModel.Sigmoid(sum));
        };
    }

    private static IEnumerable<FeatureFamily> ValueFamilies(CustomerValue value)
    {
        Func<CustomerHistory, double> churn = customer => value.ChurnProbability(customer);
        yield return new FeatureFamily(
            "value.churnProbability",
            FeatureType.Number,
            "The probability that a customer has left for good, 0 to 1 (BG/NBD: Fader, Hardie and Lee 2005). 0 after one order; missing without any.",
            context => Of(context, value, churn))
        {
            Unit = "probability",
        };
        yield return new FeatureFamily(
            "value.expectedOrders.<days>",
            [Days],
            FeatureType.Number,
            "How many orders a customer makes in that many days from now (BG/NBD). Missing without an order.",
            binding => Over(binding, value, days => customer => value.ExpectedOrders(customer, days)))
        {
            Unit = "orders",
        };
        if (value.Spend is not null)
        {
            yield return new FeatureFamily(
                "value.expectedSpend.<days>",
                [Days],
                FeatureType.Number,
                "What a customer spends in that many days from now: expected orders times an order's expected worth (Gamma-Gamma: Fader and "
                    + "Hardie 2013). Missing without an order.",
                binding => Over(binding, value, days => customer => value.ExpectedSpend(customer, days)))
            {
                Unit = "currency",
            };
        }
    }

    private static AttributeReader<DecisionContext>? Over(FeatureBinding binding, CustomerValue value, Func<int, Func<CustomerHistory, double>> askOver)
    {
        if (!int.TryParse(binding[0], NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days is < 1 or > 3660)
        {
            binding.Problem = $"\"{binding[0]}\" is no whole number of days from 1 to 3660.";
            return null;
        }

        var ask = askOver(days);
        return context => Of(context, value, ask);
    }

    private static AttributeValue Of(DecisionContext context, CustomerValue value, Func<CustomerHistory, double> ask)
    {
        ref readonly var commerce = ref context.Profile.Commerce;
        if (commerce.Orders == 0)
        {
            return AttributeValue.Missing;
        }

        var history = value.HistoryOf(commerce.Orders, commerce.FirstOrder, commerce.LastOrder, commerce.Revenue, context.NowSeconds);
        return ask(history) is var answer && double.IsFinite(answer) ? AttributeValue.From(answer) : AttributeValue.Missing;
    }
}
