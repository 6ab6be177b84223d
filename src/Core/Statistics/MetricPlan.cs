namespace Personalization.Core.Statistics;

/// <summary>A metric that an experiment is planned for.</summary>
/// <param name="Baseline">What it is now.</param>
/// <param name="Effect">The effect to be found, or the loss to be excluded, as a share of the baseline.</param>
/// <param name="IsGuardrail">Whether it must only not get worse by more than <paramref name="Effect"/>.</param>
/// <param name="IsDirected">Whether only one direction is looked for.</param>
public sealed record PlannedMetric(Baseline Baseline, double Effect, bool IsGuardrail, bool IsDirected);

/// <summary>How many people an experiment with several metrics and treatments takes, so that the decision as a whole has the error that was asked for.</summary>
/// <remarks>
/// Schultzberg, Ankargren and Frånberg 2024, "Risk-aware product decisions in A/B tests with multiple metrics" (arXiv 2402.11609): α is shared
/// by the metrics that can succeed and the comparisons with the control; β is shared by the guardrails, all of which must hold, and one.
/// </remarks>
/// <param name="Alpha">The error of the decision.</param>
/// <param name="TargetPower">The probability to find what is there.</param>
/// <param name="Metrics">The metrics.</param>
public sealed record MetricPlan(double Alpha, double TargetPower, IReadOnlyList<PlannedMetric> Metrics)
{
    /// <summary>Gives, for each metric, how many people the experiment needs in all.</summary>
    /// <param name="weights">The weights of control and treatments, the control's first.</param>
    public IReadOnlyList<double> SampleSizes(IReadOnlyList<double> weights)
    {
        var comparisons = weights.Count - 1;
        var successes = Metrics.Count(metric => !metric.IsGuardrail);
        var guardrails = Metrics.Count - successes;
        var power = 1 - ((1 - TargetPower) / (guardrails + 1));
        var smallest = weights.Skip(1).Min() / weights.Sum();
        return [.. Metrics.Select(metric => SampleSize(
            metric, Alpha / comparisons / (metric.IsGuardrail ? 1 : successes), power, weights[0] / weights.Sum(), smallest))];
    }

    private static double SampleSize(PlannedMetric metric, double alpha, double power, double control, double treatment)
    {
        var (baseline, effect) = (metric.Baseline, metric.Effect * metric.Baseline.Mean);

        // A guardrail is planned for no difference at all, a success for the one to be found.
        var variance = baseline.VarianceAfter(metric.IsGuardrail ? 0 : metric.Effect);
        var critical = metric.IsDirected || metric.IsGuardrail ? 2 * alpha : alpha;
        return Power.SampleSizeOfDifference(effect, baseline.Variance, variance, power, control, treatment, Power.Fixed(critical));
    }
}
