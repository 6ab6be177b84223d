using System.CommandLine;
using System.Globalization;
using Personalization.Cli.Output;
using Personalization.Core.Statistics;

namespace Personalization.Cli.Experiments;

/// <summary><c>personalize experiment power</c>.</summary>
internal static class PowerCommand
{
    public static Command Create(Terminal terminal)
    {
        var mean = new Option<double>("--mean") { Description = "What the metric is now: a rate such as 0.03, or a mean with --variance.", Required = true };
        var variance = new Option<double?>("--variance") { Description = "How the metric varies from person to person; left out for a rate." };
        var effect = new Option<double?>("--effect") { Description = "The effect to be found, as a share of the mean: 0.05 is five per cent." };
        var people = new Option<double?>("--people") { Description = "How many people take part, in two equal arms." };
        var power = new Option<double?>("--power") { Description = "The probability to find the effect. 0.8 unless it is what is asked." };
        var rule = DesignOptions.Rule();
        var alpha = DesignOptions.Alpha();
        var looks = DesignOptions.Looks(10);
        var command = new Command("power", "Of people, effect and power, works out the one that is left out.")
        {
            mean, variance, effect, people, power, rule, alpha, looks,
        };
        command.SetAction(parsed =>
        {
            var baseline = Baseline(parsed.GetValue(mean), parsed.GetValue(variance));
            if (parsed.GetValue(effect) is null && parsed.GetValue(people) is null)
            {
                throw new UserError("Give --effect, --people or both.");
            }

            var kind = DesignOptions.RuleOf(parsed.GetRequiredValue(rule));
            var design = new TestDesign(kind, parsed.GetValue(alpha), kind == StoppingRule.Fixed ? 1 : parsed.GetValue(looks));
            Write(terminal.Out, new PlanQuestion(
                new ExperimentPlan(baseline, design, 0.5, 0.5), Positive(parsed.GetValue(effect), "--effect"), Positive(parsed.GetValue(people), "--people"),
                parsed.GetValue(effect) is not null && parsed.GetValue(people) is not null ? null : Share(parsed.GetValue(power) ?? 0.8)).Answer());
            return 0;
        });
        return command;
    }

    private static Baseline Baseline(double mean, double? variance)
    {
        if (variance is not { } spread)
        {
            return mean is > 0 and < 1
                ? Core.Statistics.Baseline.OfProportion(mean)
                : throw new UserError("--mean is a rate between 0 and 1, or comes with --variance.");
        }

        return spread > 0 && mean != 0 ? new Baseline(mean, spread) : throw new UserError("--variance is above 0, and --mean isn't 0.");
    }

    private static double? Positive(double? value, string option) =>
        value is null or > 0 ? value : throw new UserError($"{option} is above 0.");

    private static double Share(double value) => value is > 0.01 and < 1 ? value : throw new UserError("--power is between 0.01 and 1.");

    private static void Write(TextWriter writer, PlanAnswer answer)
    {
        var effect = double.IsFinite(answer.Effect) ? Number(answer.Effect, "0.0000 %") : "none that is possible";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"people  {answer.People:N0}"));
        writer.WriteLine($"effect  {effect}");
        writer.WriteLine($"power   {Number(answer.Power, "0.0000")}");
        writer.WriteLine($"alpha   {Number(answer.Design.Alpha, "0.0000")} ({DesignOptions.NameOf(answer.Design.Rule)})");
        PlainTable.Write(
            writer,
            ["look", "people", "stop at z", "called if real", "called if none"],
            answer.Looks.Select((look, index) => new[]
            {
                Number(index + 1, "0"), Number(look.People, "#,0"), Number(look.Bound, "0.000"), Number(look.CalledIfReal, "0.0000"),
                Number(look.CalledIfNone, "0.0000"),
            }));
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
