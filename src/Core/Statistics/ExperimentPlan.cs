namespace Personalization.Core.Statistics;

/// <summary>Plans an experiment on one metric: of people, effect and power, two give the third.</summary>
/// <param name="Baseline">The metric as it is.</param>
/// <param name="Design">How it is tested.</param>
/// <param name="Control">The share of people in the control, in (0, 1).</param>
/// <param name="Treatment">The share of people in the treatment, in (0, 1).</param>
public sealed record ExperimentPlan(Baseline Baseline, TestDesign Design, double Control, double Treatment)
{
    /// <summary>Gives the probability to find an effect.</summary>
    /// <param name="effect">The effect, as a share of the baseline.</param>
    /// <param name="people">How many people the experiment has in all.</param>
    public double Power(double effect, double people) => Called(effect, people)[^1];

    /// <summary>Gives the probability to have found an effect by each look.</summary>
    public double[] Called(double effect, double people) => Design.Called(Compared(people), effect / Error(effect, people));

    /// <summary>Gives how many people the experiment needs in all.</summary>
    /// <remarks>The drift that a design needs does not depend on how many people there are: a sequence tuned to its end looks the same at any size.</remarks>
    public double People(double effect, double power)
    {
        var drift = Design.Drift(1, power);
        var unit = Error(effect, 1);
        return Math.Ceiling(drift * drift * unit * unit / (effect * effect));
    }

    /// <summary>Gives the smallest effect, as a share of the baseline, that is found. Infinite where none can be.</summary>
    public double SmallestEffect(double people, double power)
    {
        var drift = Design.Drift(1, power);
        var most = Baseline.IsProportion ? (1 / Baseline.Mean) - 1 : double.PositiveInfinity;
        var found = Roots.Above(effect => (effect / Error(effect, people)) - drift, 0, Math.Min(0.01, most));
        return found <= most ? found : double.PositiveInfinity;
    }

    private double Compared(double people) => people * (Control + Treatment);

    private double Error(double effect, double people) => Math.Sqrt(Contrast.DeltaVariance(
        Baseline.Variance,
        Baseline.Mean,
        people * Control,
        Baseline.VarianceAfter(effect),
        Baseline.Mean * (1 + effect),
        people * Treatment,
        Difference.Relative));
}
