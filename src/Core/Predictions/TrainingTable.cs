using Personalization.Core.Conditions;

namespace Personalization.Core.Predictions;

/// <summary>Rows to learn an outcome from: of each the values of some features, and whether the outcome came.</summary>
/// <param name="Columns">The features.</param>
/// <param name="Rows">One list of values for each row, as many and in the order of the columns.</param>
/// <param name="Outcomes">One for each row.</param>
public sealed record TrainingTable(
    IReadOnlyList<TrainingColumn> Columns, IReadOnlyList<IReadOnlyList<AttributeValue>> Rows, IReadOnlyList<bool> Outcomes)
{
    /// <summary>Gives the table of some of the rows, by their place.</summary>
    public TrainingTable Where(Func<int, bool> isWanted)
    {
        var places = Enumerable.Range(0, Rows.Count).Where(isWanted).ToArray();
        return new TrainingTable(Columns, [.. places.Select(place => Rows[place])], [.. places.Select(place => Outcomes[place])]);
    }

    /// <summary>Applies a model whose features are this table's columns to every row.</summary>
    public double[] Predict(LogisticModel model)
    {
        var places = model.Inputs.Select(input => input.Feature).Distinct().ToDictionary(feature => feature, PlaceOf);
        return [.. Rows.Select(row => model.Probability(input => row[places[input.Feature]]))];
    }

    private int PlaceOf(string feature)
    {
        for (var place = 0; place < Columns.Count; place++)
        {
            if (Columns[place].Feature == feature)
            {
                return place;
            }
        }

        throw new ArgumentException($"The model looks at {feature}, which the rows don't have.");
    }
}

/// <summary>One feature of a <see cref="TrainingTable"/>.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="IsCategory">Whether each of its values gets a weight of its own.</param>
/// <param name="Log">Whether a number is taken to its logarithm first.</param>
public sealed record TrainingColumn(string Feature, bool IsCategory = false, bool Log = false);
