using System.CommandLine;
using System.Globalization;
using Personalization.Cli.Output;
using Personalization.Core.Statistics;

namespace Personalization.Cli.Experiments;

/// <summary><c>personalize experiment simulate</c>.</summary>
internal static class SimulateCommand
{
    private const double ReferencePower = 0.8;

    public static Command Create(Terminal terminal)
    {
        var looks = DesignOptions.Looks(30);
        var alpha = DesignOptions.Alpha();
        var people = new Option<double>("--people") { Description = "How many people the experiment has at its end.", DefaultValueFactory = _ => 100_000 }
            .Within(2, PlanQuestion.MostPeople);
        var runs = new Option<int>("--runs") { Description = "How many experiments to simulate of each kind.", DefaultValueFactory = _ => 20_000 }.Within(100, 10_000_000);
        var seed = new Option<int>("--seed") { Description = "Where chance begins; the same seed gives the same figures.", DefaultValueFactory = _ => 1 };
        var command = new Command(
            "simulate",
            "Shows how each rule fares: how often it calls what is not there, how often what is, and when. Real is the effect that a test looked at "
                + "once finds with probability 0.8.")
        {
            looks, alpha, people, runs, seed,
        };
        command.SetAction(parsed =>
        {
            var (level, count) = (parsed.GetValue(alpha), parsed.GetValue(looks));
            var drift = new TestDesign(StoppingRule.Fixed, level, 1).Drift(parsed.GetValue(people), ReferencePower);
            var random = new Random(parsed.GetValue(seed));
            PlainTable.Write(
                terminal.Out,
                ["rule", "called if none", "called if real", "mean look if real", "error"],
                Rules(level, count, parsed.GetValue(people)).Select(rule =>
                {
                    var none = DesignSimulation.Run(rule.Bounds, 0, parsed.GetValue(runs), random);
                    var real = DesignSimulation.Run(rule.Bounds, drift, parsed.GetValue(runs), random);
                    return new[]
                    {
                        rule.Name, Number(none.Called, "0.0000"), Number(real.Called, "0.0000"), Number(real.MeanLook, "0.0"),
                        $"± {Number(1.96 * real.Error, "0.0000")}",
                    };
                }));
            return 0;
        });
        return command;
    }

    private static IEnumerable<(string Name, double[] Bounds)> Rules(double alpha, int looks, double people)
    {
        var once = new TestDesign(StoppingRule.Fixed, alpha, looks).Bounds(people);
        yield return ("fixed, looked at once", once);
        yield return ("fixed, stopped when it looks good", [.. Enumerable.Repeat(once[^1], looks)]);
        yield return ("group-sequential", new TestDesign(StoppingRule.GroupSequential, alpha, looks).Bounds(people));
        yield return ("confidence-sequence", new TestDesign(StoppingRule.ConfidenceSequence, alpha, looks).Bounds(people));
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
