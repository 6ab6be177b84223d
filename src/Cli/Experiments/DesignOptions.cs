using System.CommandLine;
using Personalization.Core.Statistics;

namespace Personalization.Cli.Experiments;

/// <summary>The options that say how an experiment is tested.</summary>
internal static class DesignOptions
{
    private static readonly Dictionary<string, StoppingRule> Names = new(StringComparer.Ordinal)
    {
        ["fixed"] = StoppingRule.Fixed,
        ["group-sequential"] = StoppingRule.GroupSequential,
        ["confidence-sequence"] = StoppingRule.ConfidenceSequence,
    };

    /// <summary>Makes the option for the rule.</summary>
    public static Option<string> Rule()
    {
        var option = new Option<string>("--rule")
        {
            Description = "When it may be called: fixed (once, at the end), group-sequential (at planned looks) or confidence-sequence (at any time).",
            DefaultValueFactory = _ => "group-sequential",
        };
        option.AcceptOnlyFromAmong([.. Names.Keys]);
        return option;
    }

    /// <summary>Makes the option for the error.</summary>
    public static Option<double> Alpha() => new Option<double>("--alpha")
    {
        Description = "The share of experiments without any effect that are called real all the same.",
        DefaultValueFactory = _ => 0.05,
    }.Within(1e-6, 0.4);

    /// <summary>Makes the option for the number of looks.</summary>
    public static Option<int> Looks(int normally) => new Option<int>("--looks")
    {
        Description = "How often it is looked at until its end.",
        DefaultValueFactory = _ => normally,
    }.Within(1, PlanQuestion.MostLooks);

    /// <summary>Gives the rule of a name.</summary>
    public static StoppingRule RuleOf(string name) => Names[name];

    /// <summary>Gives the name of a rule.</summary>
    public static string NameOf(StoppingRule rule) => Names.Single(entry => entry.Value == rule).Key;
}
