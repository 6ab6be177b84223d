using System.Globalization;
using System.IO.Compression;
using Personalization.Core.Conditions;
using Personalization.Core.Predictions;

namespace Personalization.Core.Tests.Predictions;

public sealed class LogisticFitTests
{
    private const string Sessions = "data/online_shoppers_intention.csv.gz";

    private static readonly string[] Categories =
        ["Month", "OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType", "Weekend"];

    /// <summary>UCI 468 (Sakar and Kastro), split as ../shared/data/README.md says: every fifth row tests. A plain logistic regression reaches .9248 and .237 there.</summary>
    [SharedFact(Sessions)]
    public void Sessions_that_buy_are_told_from_others_as_well_as_the_reference_does()
    {
        var table = Read(Categories, _ => true);
        var model = LogisticFit.Fit(table.Where(row => row % 5 != 4));
        var test = table.Where(row => row % 5 == 4);
        var quality = PredictionQuality.Measure(test.Predict(model), test.Outcomes);

        Assert.Equal(2466, quality.Rows);
        Assert.True(quality.Auc >= 0.92, $"AUC {quality.Auc}");
        Assert.True(quality.LogLoss <= 0.24, $"log-loss {quality.LogLoss}");
    }

    [SharedFact(Sessions)]
    public void Without_page_values_much_less_is_known()
    {
        // .7563 by the README's reference.
        var table = Read(Categories, column => column != "PageValues");
        var model = LogisticFit.Fit(table.Where(row => row % 5 != 4));
        var test = table.Where(row => row % 5 == 4);
        Assert.InRange(PredictionQuality.Measure(test.Predict(model), test.Outcomes).Auc, 0.74, 0.80);
    }

    [Fact]
    public void The_weights_of_a_small_table_are_those_of_the_textbook()
    {
        // Hours of study and passing, from Wikipedia's "Logistic regression" (2024): intercept -4.0777, 1.5046 per hour; p(2 h) = .26, p(4 h) = .87.
        double[] hours = [0.50, 0.75, 1.00, 1.25, 1.50, 1.75, 1.75, 2.00, 2.25, 2.50, 2.75, 3.00, 3.25, 3.50, 4.00, 4.25, 4.50, 4.75, 5.00, 5.50];
        int[] passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];
        var table = new TrainingTable(
            [new TrainingColumn("hours")], [.. hours.Select(hour => new[] { AttributeValue.From(hour) })], [.. passed.Select(one => one == 1)]);

        var model = LogisticFit.Fit(table, penalty: 0);

        var input = Assert.Single(model.Inputs);
        Assert.Equal(1.5046, input.Coefficient / input.Scale, 0.0001);
        Assert.Equal(-4.0777, model.Intercept - (input.Coefficient * input.Mean / input.Scale), 0.0001);
        Assert.Equal(0.26, model.Probability(_ => AttributeValue.From(2.0)), 0.01);
        Assert.Equal(0.87, model.Probability(_ => AttributeValue.From(4.0)), 0.01);
    }

    [Fact]
    public void A_perfect_predictor_gets_a_finite_weight_and_a_constant_one_none()
    {
        var rows = Enumerable.Range(0, 100).Select(i => new[] { AttributeValue.From(i < 50 ? 0.0 : 1.0), AttributeValue.From(3.0) }).ToArray();
        var table = new TrainingTable(
            [new TrainingColumn("sure"), new TrainingColumn("constant")], rows, [.. Enumerable.Range(0, 100).Select(i => i >= 50)]);
        var model = LogisticFit.Fit(table);
        Assert.Equal("sure", Assert.Single(model.Inputs).Feature);
        Assert.InRange(model.Inputs[0].Coefficient, 1, 20);
    }

    [Fact]
    public void What_is_missing_counts_as_the_mean()
    {
        var input = new LogisticInput { Feature = "x", Mean = 5, Scale = 2, Coefficient = 3 };
        Assert.Equal(0, input.Contribution(AttributeValue.Missing));
        Assert.Equal(0, input.Contribution(AttributeValue.From(5.0)));
        Assert.Equal(3, input.Contribution(AttributeValue.From(7.0)));
        Assert.Equal(1, (input with { Is = "11" }).NumberOf(AttributeValue.From(11.0)));
        Assert.Equal(0, (input with { Is = "11" }).NumberOf(AttributeValue.From("desktop")));
    }

    [Fact]
    public void Ties_count_half_and_certainty_that_is_wrong_costs_much()
    {
        // By hand: pairs (with, without) = 4, of which .9 > .1, .9 > .5, .5 > .1 and .5 = .5.
        var quality = PredictionQuality.Measure([0.1, 0.5, 0.5, 0.9], [false, false, true, true]);
        Assert.Equal(3.5 / 4, quality.Auc);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.5)) / 2, quality.LogLoss, 1e-12);
        Assert.True(PredictionQuality.Measure([1, 0], [false, true]).LogLoss > 30);
    }

    [Fact]
    public void One_outcome_alone_teaches_nothing()
    {
        var table = new TrainingTable([new TrainingColumn("x")], [[AttributeValue.From(1.0)], [AttributeValue.From(2.0)]], [true, true]);
        Assert.Throws<ArgumentException>(() => LogisticFit.Fit(table));
    }

    private static TrainingTable Read(string[] categories, Func<string, bool> isWanted)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedFolder.FilePath(Sessions)), CompressionMode.Decompress));
        var names = reader.ReadLine()!.Split(',');
        var wanted = Enumerable.Range(0, names.Length - 1).Where(column => isWanted(names[column])).ToArray();
        var rows = new List<IReadOnlyList<AttributeValue>>();
        var outcomes = new List<bool>();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            rows.Add([.. wanted.Select(column => categories.Contains(names[column])
                ? AttributeValue.From(fields[column])
                : AttributeValue.From(double.Parse(fields[column], CultureInfo.InvariantCulture)))]);
            outcomes.Add(fields[^1] == "TRUE");
        }

        // Counts, durations and values span orders of magnitude, so they go in as logarithms.
        return new TrainingTable(
            [.. wanted.Select(column => new TrainingColumn(
                names[column], categories.Contains(names[column]), Log: !categories.Contains(names[column])))],
            rows,
            outcomes);
    }
}
