using Personalization.Core.Conditions;

namespace Personalization.Cli.Mapping;

/// <summary>Makes of rows what a probability is learned from: features, and whether the outcome came.</summary>
internal sealed class OutcomeMapper(int columns, IReadOnlyList<ValueSource> derived, ValueSource outcome, IReadOnlyList<FeatureSource> features)
{
    /// <summary>Gets the features.</summary>
    public IReadOnlyList<FeatureSource> Features => features;

    /// <summary>Makes the values of one row and its outcome.</summary>
    /// <exception cref="RowError">The row has too many or too few columns, or a value can't be read.</exception>
    public (AttributeValue[] Values, bool Outcome) Read(List<string> row)
    {
        if (row.Count != columns)
        {
            throw new RowError($"the row has {row.Count} columns, not {columns}");
        }

        foreach (var source in derived)
        {
            row.Add(source.Text(row) ?? "");
        }

        var came = outcome.Value("outcome", row) ?? throw new RowError("the outcome is empty");
        return ([.. features.Select(feature => feature.Read(row))], came == true);
    }
}
