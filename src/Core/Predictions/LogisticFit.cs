using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Personalization.Core.Conditions;

namespace Personalization.Core.Predictions;

/// <summary>Fits logistic regressions: maximum likelihood with an L2 penalty, by Newton's method (iteratively reweighted least squares).</summary>
/// <remarks>
/// T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning, 2nd ed., 4.4.1 and 3.4.1. Numbers are standardised, so
/// one penalty suits all; the intercept is not penalised. Equal rows give equal models.
/// </remarks>
public static class LogisticFit
{
    private const int MostSteps = 50;
    private const double Tolerance = 1e-8;

    /// <summary>The most different values of one category.</summary>
    public const int MostCategories = 200;

    /// <summary>Fits a model.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="penalty">λ: half of it times the squared weights is added to the loss of all rows. 0 or more.</param>
    /// <exception cref="ArgumentException">There are no rows, or all have the same outcome, or a category has too many values.</exception>
    public static LogisticModel Fit(TrainingTable table, double penalty = 1)
    {
        if (table.Outcomes.Count == 0 || table.Outcomes.All(outcome => outcome) || !table.Outcomes.Any(outcome => outcome))
        {
            throw new ArgumentException("A model is learned from rows with the outcome and rows without it.", nameof(table));
        }

        var inputs = Encode(table);
        var design = Standardise(table, inputs);
        var weights = Newton(design, table.Outcomes, penalty);
        return new LogisticModel([.. inputs.Select((input, place) => input with { Coefficient = weights[place + 1] })], weights[0]);
    }

    private static List<LogisticInput> Encode(TrainingTable table)
    {
        var inputs = new List<LogisticInput>();
        for (var place = 0; place < table.Columns.Count; place++)
        {
            var column = table.Columns[place];
            if (!column.IsCategory)
            {
                inputs.Add(new LogisticInput { Feature = column.Feature, Log = column.Log });
                continue;
            }

            var here = place;
            var values = table.Rows.Select(row => NameOf(row[here])).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
            if (values.Length > MostCategories)
            {
                throw new ArgumentException($"{column.Feature} has {values.Length} different values; a category has at most {MostCategories}.", nameof(table));
            }

            inputs.AddRange(values.Select(value => new LogisticInput { Feature = column.Feature, Is = value }));
        }

        return inputs;
    }

    private static string? NameOf(AttributeValue value) => value.Kind switch
    {
        AttributeKind.Text => value.Text,
        AttributeKind.Number => value.Number.ToString(CultureInfo.InvariantCulture),
        AttributeKind.Boolean => value.Boolean ? "true" : "false",
        _ => null,
    };

    /// <summary>Makes the matrix of standardised numbers, a column of ones first, and notes each input's mean and scale. A constant input is left out.</summary>
    private static double[][] Standardise(TrainingTable table, List<LogisticInput> inputs)
    {
        var columns = new List<double[]>();
        var kept = new List<LogisticInput>();
        foreach (var input in inputs)
        {
            var place = Enumerable.Range(0, table.Columns.Count).First(column => table.Columns[column].Feature == input.Feature);
            double[] numbers = [.. table.Rows.Select(row => input.NumberOf(row[place]))];
            double[] known = [.. numbers.Where(double.IsFinite)];
            var mean = known.Length == 0 ? 0 : known.Average();
            var scale = known.Length == 0 ? 0 : Math.Sqrt(known.Sum(number => (number - mean) * (number - mean)) / known.Length);
            if (scale > 1e-12)
            {
                kept.Add(input with { Mean = mean, Scale = scale });
                columns.Add([.. numbers.Select(number => double.IsFinite(number) ? (number - mean) / scale : 0)]);
            }
        }

        inputs.Clear();
        inputs.AddRange(kept);
        var design = new double[table.Rows.Count][];
        for (var row = 0; row < design.Length; row++)
        {
            var at = row;
            design[row] = [1, .. columns.Select(column => column[at])];
        }

        return design;
    }

    private static double[] Newton(double[][] design, IReadOnlyList<bool> outcomes, double penalty)
    {
        var size = design[0].Length;
        var weights = new double[size];
        var loss = Loss(design, outcomes, weights, penalty);
        for (var step = 0; step < MostSteps; step++)
        {
            var (gradient, hessian) = Derivatives(design, outcomes, weights, penalty);
            var direction = Solve(hessian, gradient);

            // A full step may overshoot where the outcome is nearly certain; half of it, or half of that, does not.
            var length = 1.0;
            double[] next;
            double nextLoss;
            do
            {
                next = [.. weights.Select((weight, place) => weight - (length * direction[place]))];
                nextLoss = Loss(design, outcomes, next, penalty);
                length /= 2;
            }
            while (!(nextLoss <= loss) && length > 1e-6);

            var improved = loss - nextLoss;
            (weights, loss) = (next, nextLoss);
            if (improved <= Tolerance * Math.Max(1, loss))
            {
                break;
            }
        }

        return weights;
    }

    private static (double[] Gradient, double[][] Hessian) Derivatives(
        double[][] design, IReadOnlyList<bool> outcomes, double[] weights, double penalty)
    {
        var size = weights.Length;
        var gradient = new double[size];
        var hessian = new double[size][];
        for (var i = 0; i < size; i++)
        {
            hessian[i] = new double[size];

            // Without a little on the diagonal, columns that say the same twice would make it singular.
            hessian[i][i] = 1e-9 + (i == 0 ? 0 : penalty);
            gradient[i] = i == 0 ? 0 : penalty * weights[i];
        }

        for (var row = 0; row < design.Length; row++)
        {
            var x = design[row];
            var p = LogisticModel.Sigmoid(Dot(x, weights));
            var residual = p - (outcomes[row] ? 1 : 0);
            var curvature = p * (1 - p);
            for (var i = 0; i < size; i++)
            {
                gradient[i] += residual * x[i];
                var scaled = curvature * x[i];
                var line = hessian[i];
                for (var j = 0; j <= i; j++)
                {
                    line[j] += scaled * x[j];
                }
            }
        }

        return (gradient, hessian);
    }

    private static double[] Solve(double[][] lower, double[] gradient)
    {
        // A trace on the diagonal keeps the matrix definite where inputs say the same and there is no penalty.
        const double Trace = 1e-9;
        var hessian = Matrix<double>.Build.Dense(gradient.Length, gradient.Length, (i, j) => (i >= j ? lower[i][j] : lower[j][i]) + (i == j ? Trace : 0));
        return [.. hessian.Cholesky().Solve(Vector<double>.Build.Dense(gradient))];
    }

    private static double Loss(double[][] design, IReadOnlyList<bool> outcomes, double[] weights, double penalty)
    {
        double loss = 0;
        for (var i = 1; i < weights.Length; i++)
        {
            loss += penalty / 2 * weights[i] * weights[i];
        }

        for (var row = 0; row < design.Length; row++)
        {
            // ln(1 + e^-m) of the margin m, without overflow.
            var margin = Dot(design[row], weights) * (outcomes[row] ? 1 : -1);
            loss += Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
        }

        return loss;
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
