using System.Text.Json;
using Personalization.Core.Configuration;

namespace Personalization.Core.Statistics;

/// <summary>
/// What is asked when an experiment is planned: <c>{"metric": {"kind", "mean", "variance"?}, "effect"?, "people"?, "power"?, "alpha"?, "rule"?,
/// "looks"?, "weights"?}</c>. Of people, effect and power, two are given and the third is the answer.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Effect">The effect, as a share of the baseline; null where it is asked.</param>
/// <param name="People">How many people in all; null where it is asked.</param>
/// <param name="Power">The probability to find the effect; null where it is asked.</param>
public sealed record PlanQuestion(ExperimentPlan Plan, double? Effect, double? People, double? Power)
{
    /// <summary>How many people an experiment may be planned for.</summary>
    public const double MostPeople = 1e12;

    /// <summary>How many looks may be planned: a look an hour for six weeks.</summary>
    public const int MostLooks = 1000;

    private const double DefaultPower = 0.8;
    private const double DefaultAlpha = 0.05;
    private const int DefaultLooks = 10;

    /// <summary>Reads a question, or says everything that is wrong with it.</summary>
    public static PlanQuestion? Read(JsonElement json, ICollection<Problem> problems)
    {
        var before = problems.Count;
        var reader = new DocumentReader(json, "", problems);
        var baseline = ReadBaseline(reader, problems);
        var effect = reader.Number("effect", -0.999, 1000);
        var people = reader.Number("people", 2, MostPeople);
        var power = reader.Number("power", 0.01, 0.9999);
        var alpha = reader.Number("alpha", 1e-9, 0.4) ?? DefaultAlpha;
        var rule = reader.Word("rule", "fixed", "groupSequential", "confidenceSequence") switch
        {
            "fixed" => StoppingRule.Fixed,
            "confidenceSequence" => StoppingRule.ConfidenceSequence,
            _ => StoppingRule.GroupSequential,
        };
        var looks = reader.Whole("looks", 1, MostLooks) ?? DefaultLooks;
        var weights = ReadWeights(reader);
        if (effect == 0)
        {
            reader.Fault("effect", "out_of_range", "No number of people finds an effect of 0.");
        }

        if (effect is null && people is null)
        {
            reader.Fault("effect", "required", "Of people, effect and power, two are given; power is 0.8 unless it is asked for.");
        }

        reader.Finish();
        if (problems.Count > before)
        {
            return null;
        }

        var plan = new ExperimentPlan(
            baseline, new TestDesign(rule, alpha, rule == StoppingRule.Fixed ? 1 : looks), weights[0], weights.Skip(1).Min());
        return new PlanQuestion(plan, effect, people, effect is not null && people is not null ? null : power ?? DefaultPower);
    }

    /// <summary>Works the answer out.</summary>
    public PlanAnswer Answer()
    {
        var people = People ?? Plan.People(Math.Abs(Effect!.Value), Power!.Value);
        var effect = Effect ?? Plan.SmallestEffect(people, Power!.Value);
        var power = Power ?? Plan.Power(Math.Abs(effect), people);
        return new PlanAnswer(people, effect, power, Plan.Design, Looks(people, Math.Abs(effect)));
    }

    private List<PlannedLook> Looks(double people, double effect)
    {
        var compared = people * (Plan.Control + Plan.Treatment);
        var bounds = Plan.Design.Bounds(compared);
        var real = double.IsFinite(effect) ? Plan.Called(effect, people) : new double[bounds.Length];
        var none = Plan.Design.Called(compared, 0);
        return [.. Plan.Design.Information.Select((share, look) =>
            new PlannedLook(share, Math.Ceiling(people * share), bounds[look], real[look], none[look]))];
    }

    private static Baseline ReadBaseline(DocumentReader reader, ICollection<Problem> problems)
    {
        if (reader.Element("metric", required: true) is not { } json)
        {
            return default;
        }

        var metric = new DocumentReader(json, reader.PathOf("metric"), problems);
        var isProportion = metric.Word("kind", "proportion", "mean") != "mean";
        var mean = metric.Number("mean", isProportion ? 1e-9 : -double.MaxValue, isProportion ? 1 - 1e-9 : double.MaxValue, required: true) ?? 0;
        var variance = metric.Number("variance", 1e-300, double.MaxValue, required: !isProportion);
        metric.Finish();
        if (!isProportion && mean == 0)
        {
            metric.Fault("mean", "out_of_range", "Effects are shares of the mean, which therefore isn't 0.");
        }

        return isProportion ? Baseline.OfProportion(mean) : new Baseline(mean, variance ?? 0);
    }

    private static double[] ReadWeights(DocumentReader reader)
    {
        var list = reader.List("weights", 64);
        if (list is null)
        {
            return [0.5, 0.5];
        }

        var weights = new List<double>();
        foreach (var (json, path) in list)
        {
            if (json.ValueKind == JsonValueKind.Number && json.GetDouble() is > 0 and <= 1 and var weight)
            {
                weights.Add(weight);
            }
            else
            {
                reader.Fault($"weights[{path[(path.LastIndexOf('[') + 1)..]}", "out_of_range", "A weight is a number above 0 and up to 1.");
            }
        }

        if (weights.Count < 2 || Math.Abs(weights.Sum() - 1) > 1e-6)
        {
            reader.Fault("weights", "weights_sum", "These are two weights or more, the control's first, that sum to 1.");
        }

        return [.. weights];
    }
}
