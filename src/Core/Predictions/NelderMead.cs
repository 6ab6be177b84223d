namespace Personalization.Core.Predictions;

/// <summary>Finds a minimum without derivatives: J. A. Nelder, R. Mead, A Simplex Method for Function Minimization, Computer Journal 7, 1965.</summary>
/// <remarks>With the coefficients of the paper (reflection 1, expansion 2, contraction ½, shrinking ½). Deterministic.</remarks>
internal static class NelderMead
{
    /// <summary>Minimises a function.</summary>
    /// <param name="function">The function; infinite where it has no value.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="step">How far the first simplex reaches in each direction.</param>
    /// <param name="tolerance">Ends once the values at the corners differ by no more than this, and the corners lie as close.</param>
    /// <param name="mostSteps">Ends after as many steps at the latest.</param>
    public static double[] Minimise(Func<double[], double> function, double[] start, double step = 0.5, double tolerance = 1e-9, int mostSteps = 5000)
    {
        var corners = new (double[] At, double Value)[start.Length + 1];
        for (var i = 0; i < corners.Length; i++)
        {
            var at = (double[])start.Clone();
            if (i > 0)
            {
                at[i - 1] += step;
            }

            corners[i] = (at, Value(at));
        }

        for (var taken = 0; taken < mostSteps; taken++)
        {
            Array.Sort(corners, (left, right) => left.Value.CompareTo(right.Value));
            var (best, worst) = (corners[0], corners[^1]);
            if (worst.Value - best.Value <= tolerance && Reach(corners) <= Math.Sqrt(tolerance))
            {
                break;
            }

            var centre = Centre(corners);
            var reflected = Try(centre, worst.At, -1);
            if (reflected.Value < best.Value)
            {
                var expanded = Try(centre, worst.At, -2);
                corners[^1] = expanded.Value < reflected.Value ? expanded : reflected;
            }
            else if (reflected.Value < corners[^2].Value)
            {
                corners[^1] = reflected;
            }
            else
            {
                var contracted = reflected.Value < worst.Value ? Try(centre, reflected.At, 0.5) : Try(centre, worst.At, 0.5);
                if (contracted.Value < Math.Min(worst.Value, reflected.Value))
                {
                    corners[^1] = contracted;
                }
                else
                {
                    Shrink(corners);
                }
            }
        }

        return corners.MinBy(corner => corner.Value).At;

        double Value(double[] at) => function(at) is var value && double.IsNaN(value) ? double.PositiveInfinity : value;

        (double[] At, double Value) Try(double[] centre, double[] towards, double factor)
        {
            var at = new double[centre.Length];
            for (var i = 0; i < at.Length; i++)
            {
                at[i] = centre[i] + (factor * (towards[i] - centre[i]));
            }

            return (at, Value(at));
        }

        void Shrink((double[] At, double Value)[] all)
        {
            for (var i = 1; i < all.Length; i++)
            {
                all[i] = Try(all[0].At, all[i].At, 0.5);
            }
        }
    }

    private static double[] Centre((double[] At, double Value)[] corners)
    {
        var centre = new double[corners.Length - 1];
        foreach (var (at, _) in corners.AsSpan(0, centre.Length))
        {
            for (var i = 0; i < centre.Length; i++)
            {
                centre[i] += at[i] / centre.Length;
            }
        }

        return centre;
    }

    private static double Reach((double[] At, double Value)[] corners) =>
        corners.Skip(1).Max(corner => corner.At.Zip(corners[0].At, (left, right) => Math.Abs(left - right)).Max());
}
