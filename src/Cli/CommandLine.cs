using System.CommandLine;
using System.CommandLine.Invocation;
using Personalization.Cli.Apply;
using Personalization.Cli.Audit;
using Personalization.Cli.Evaluate;
using Personalization.Cli.Experiments;
using Personalization.Cli.Output;
using Personalization.Cli.Privacy;
using Personalization.Cli.Replay;
using Personalization.Cli.Simulate;
using Personalization.Cli.Train;

namespace Personalization.Cli;

/// <summary>The commands of <c>personalize</c>, and how any of them ends.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs one command line.</summary>
    /// <returns>0 where all went well, 1 where something was wrong or rejected, 130 where it was interrupted.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken ct)
    {
        try
        {
            var streams = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
            };
            var parsed = Build(terminal).Parse(args is [] ? ["--help"] : args);
            if (parsed.Action is ParseErrorAction)
            {
                return Refuse(parsed, terminal.Error);
            }

            return await parsed.InvokeAsync(streams, ct);
        }
        catch (Exception exception) when (exception is UserError or IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"error: {exception.Message}");
            return 1;
        }
        catch (InvalidDataException exception)
        {
            terminal.Error.WriteLine($"error: The gzip file is damaged: {exception.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("interrupted");
            return 130;
        }
    }

    // One line for each mistake; the page of help that would push it off the screen is a flag away.
    private static int Refuse(ParseResult parsed, TextWriter writer)
    {
        foreach (var error in parsed.Errors)
        {
            writer.WriteLine($"error: {error.Message}");
        }

        var command = parsed.CommandResult.Command;
        writer.WriteLine(command is RootCommand ? "See: personalize --help" : $"See: personalize {command.Name} --help");
        return 1;
    }

    private static RootCommand Build(Terminal terminal)
    {
        var server = ServerOption.Create();
        return new RootCommand("Sends data and configuration to a personalization server, measures how well it recommends, and plans experiments.")
        {
            server,
            ReplayCommand.Create(terminal, server),
            EvaluateCommand.Create(terminal, server),
            ApplyCommand.Create(terminal, server),
            TrainCommand.Create(terminal, server),
            EraseCommand.Create(terminal, server),
            ExportCommand.Create(terminal, server),
            TrainingCommand.Create(terminal, server),
            KeysCommand.Create(terminal),
            Simulate.SimulateCommand.Create(terminal, server),
            AuditCommand.Create(terminal, server),
            ExperimentCommand.Create(terminal),
        };
    }
}
