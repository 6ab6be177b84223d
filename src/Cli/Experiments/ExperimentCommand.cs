using System.CommandLine;
using Personalization.Cli.Output;

namespace Personalization.Cli.Experiments;

/// <summary><c>personalize experiment</c>: what can be worked out about experiments without a server.</summary>
internal static class ExperimentCommand
{
    public static Command Create(Terminal terminal) => new(
        "experiment", "Plans experiments, shows how a plan fares, and judges one from its figures.")
    {
        PowerCommand.Create(terminal),
        SimulateCommand.Create(terminal),
        AnalyzeCommand.Create(terminal),
    };
}
