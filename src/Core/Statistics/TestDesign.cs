namespace Personalization.Core.Statistics;

/// <summary>How an experiment is to be tested: the rule, its error, and how often it is looked at until the planned end.</summary>
/// <param name="Rule">When it may be called.</param>
/// <param name="Alpha">The share of null experiments that are ever called real, in (0, 0.5).</param>
/// <param name="Looks">How many looks there are, evenly spread, the last one at the planned end; at least 1.</param>
public sealed record TestDesign(StoppingRule Rule, double Alpha, int Looks)
{
    /// <summary>Gets the share of the planned people at each look.</summary>
    public IReadOnlyList<double> Information { get; } = [.. Enumerable.Range(1, Looks).Select(look => (double)look / Looks)];

    /// <summary>Gives the z that must be reached at each look.</summary>
    /// <param name="people">How many people the experiment has at its end, in the two arms compared.</param>
    /// <remarks>A fixed test is called at its end only: before it, its bounds are infinite. A confidence sequence is tuned to the end.</remarks>
    public double[] Bounds(double people) => Rule switch
    {
        StoppingRule.GroupSequential => GroupSequential.Bounds(Information, Alpha),
        StoppingRule.ConfidenceSequence => [.. Information.Select(share => ConfidenceSequence.Critical(people * share, Alpha, people))],
        _ => [.. Enumerable.Repeat(double.PositiveInfinity, Looks - 1), StandardNormal.Critical(Alpha)],
    };

    /// <summary>Gives the probability to call a difference at each look or before.</summary>
    /// <param name="people">How many people the experiment has at its end, in the two arms compared.</param>
    /// <param name="drift">The difference, in standard errors of the whole experiment.</param>
    public double[] Called(double people, double drift) => GroupSequential.Crossed(Information, Bounds(people), drift);

    /// <summary>Gives the difference, in standard errors of the whole experiment, that is called with a probability. Exact for every rule.</summary>
    public double Drift(double people, double power) =>
        Roots.Above(drift => Called(people, drift)[^1] - power, 0, 4);
}
