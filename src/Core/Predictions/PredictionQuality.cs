namespace Personalization.Core.Predictions;

/// <summary>How good predicted probabilities are, on rows the model has not seen.</summary>
/// <param name="Auc">The probability that a row with the outcome is given a higher one than a row without: ½ is chance, 1 is perfect.</param>
/// <param name="LogLoss">The mean of -ln(probability given to what happened), in nats; lower is better.</param>
/// <param name="Rows">How many rows it was measured on.</param>
public sealed record PredictionQuality(double Auc, double LogLoss, int Rows)
{
    /// <summary>Measures. The area is that of Mann and Whitney's U, ties counting half (Hanley and McNeil, Radiology 143, 1982).</summary>
    /// <exception cref="ArgumentException">There are no rows with, or none without the outcome.</exception>
    public static PredictionQuality Measure(IReadOnlyList<double> probabilities, IReadOnlyList<bool> outcomes)
    {
        var order = Enumerable.Range(0, outcomes.Count).OrderBy(row => probabilities[row]).ToArray();
        double rankSum = 0;
        double loss = 0;
        long with = 0;
        for (var first = 0; first < order.Length;)
        {
            var end = first;
            while (end < order.Length && probabilities[order[end]].Equals(probabilities[order[first]]))
            {
                end++;
            }

            var rank = (first + end + 1) / 2.0;
            for (; first < end; first++)
            {
                var outcome = outcomes[order[first]];
                var given = Math.Clamp(probabilities[order[first]], 1e-15, 1 - 1e-15);
                loss -= Math.Log(outcome ? given : 1 - given);
                rankSum += outcome ? rank : 0;
                with += outcome ? 1 : 0;
            }
        }

        var without = order.Length - with;
        return with > 0 && without > 0
            ? new PredictionQuality((rankSum - (with * (with + 1) / 2.0)) / (with * (double)without), loss / order.Length, order.Length)
            : throw new ArgumentException("Quality is measured on rows with the outcome and rows without it.", nameof(outcomes));
    }
}
