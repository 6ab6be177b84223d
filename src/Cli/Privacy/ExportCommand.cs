using System.CommandLine;
using Personalization.Cli.Http;
using Personalization.Cli.Output;

namespace Personalization.Cli.Privacy;

/// <summary><c>personalize export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "Whose data." };

    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The file to write; the standard output where it is left out." };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var command = new Command("export", "Writes everything that is kept of a person, as JSON with a published schema.") { Id, Output };
        command.SetAction(async (parsed, ct) =>
        {
            using var from = new PersonalizationServer(parsed.GetRequiredValue(server), terminal);
            var text = await from.ReadTextAsync($"v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(Id))}/export", ct);
            if (parsed.GetValue(Output) is { } file)
            {
                await File.WriteAllTextAsync(file, text, ct);
            }
            else
            {
                terminal.Out.WriteLine(text);
            }

            return 0;
        });
        return command;
    }
}
