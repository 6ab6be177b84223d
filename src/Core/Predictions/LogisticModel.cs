using Personalization.Core.Conditions;

namespace Personalization.Core.Predictions;

/// <summary>A logistic regression: the log-odds of an outcome are a weighted sum of features.</summary>
/// <remarks>D. R. Cox, The Regression Analysis of Binary Sequences, JRSS B 20, 1958.</remarks>
/// <param name="Inputs">The features and their weights.</param>
/// <param name="Intercept">The log-odds where every feature has its mean.</param>
public sealed record LogisticModel(IReadOnlyList<LogisticInput> Inputs, double Intercept)
{
    /// <summary>Gives the probability, from 0 to 1.</summary>
    /// <param name="read">Gives the value of an input's feature.</param>
    public double Probability(Func<LogisticInput, AttributeValue> read)
    {
        var sum = Intercept;
        foreach (var input in Inputs)
        {
            sum += input.Contribution(read(input));
        }

        return Sigmoid(sum);
    }

    /// <summary>Gives 1 / (1 + e^-x), without overflow on either side.</summary>
    public static double Sigmoid(double x)
    {
        var small = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + small) : small / (1 + small);
    }
}
