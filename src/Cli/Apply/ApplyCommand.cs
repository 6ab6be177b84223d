using System.CommandLine;
using Personalization.Cli.Http;
using Personalization.Cli.Output;

namespace Personalization.Cli.Apply;

/// <summary><c>personalize apply</c>.</summary>
internal static class ApplyCommand
{
    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "YAML or JSON files with the sections segments, experiences, placements and experiments (ids to bodies) "
            + "and items (a list).",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only check the files and say what would change." };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var command = new Command(
            "apply",
            "Configures the server from files: all of them together, or nothing if anything is wrong. Applying them again changes nothing.")
        {
            Files, DryRun,
        };
        command.SetAction((parsed, ct) =>
            RunAsync(terminal, parsed.GetRequiredValue(server), parsed.GetRequiredValue(Files), parsed.GetValue(DryRun), ct));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, Uri address, string[] files, bool dryRun, CancellationToken ct)
    {
        var configuration = new ConfigurationSet();
        foreach (var file in files)
        {
            configuration.Add(ConfigurationFile.Read(file));
        }

        using var server = new PersonalizationServer(address, terminal);
        var (answer, problem) = await server.ConfigureAsync(configuration.ToRequest(), dryRun, ct);
        if (problem is not null)
        {
            WriteProblem(terminal.Error, configuration, problem);
            return 1;
        }

        var changed = answer!.Changed ?? [];
        terminal.Out.WriteLine(dryRun
            ? $"dry run: {changed.Count} would change, {answer.Unchanged} would not"
            : $"revision {answer.Revision}: {changed.Count} changed, {answer.Unchanged} unchanged");
        foreach (var entry in changed)
        {
            terminal.Out.WriteLine($"  {entry.Kind} {entry.Id}");
        }

        return 0;
    }

    private static void WriteProblem(TextWriter writer, ConfigurationSet configuration, ProblemAnswer problem)
    {
        if (problem.Errors is not { Count: > 0 } errors)
        {
            writer.WriteLine($"error: {problem.InOneLine()}");
            return;
        }

        writer.WriteLine($"error: {problem.Title ?? "The configuration is wrong."} Nothing was changed.");
        foreach (var error in errors)
        {
            writer.WriteLine(configuration.Explain(error));
        }
    }
}
