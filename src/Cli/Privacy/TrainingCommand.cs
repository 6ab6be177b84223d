using System.CommandLine;
using Personalization.Cli.Http;
using Personalization.Cli.Output;

namespace Personalization.Cli.Privacy;

/// <summary><c>personalize training export</c>.</summary>
internal static class TrainingCommand
{
    private static readonly Argument<string> Target = new("FILE") { Description = "The file to write, one session a line (NDJSON)." };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var export = new Command("export", "Writes the finished sessions of people who let them teach, under pseudonyms.") { Target };
        export.SetAction(async (parsed, ct) =>
        {
            using var from = new PersonalizationServer(parsed.GetRequiredValue(server), terminal);
            var file = parsed.GetRequiredValue(Target);
            await using (var output = File.Create(file))
            {
                await from.CopyAsync("v1/training/sessions", output, ct);
            }

            terminal.Out.WriteLine($"{File.ReadLines(file).Count()} sessions in {file}");
            return 0;
        });
        return new Command("training", "What models are trained on.") { export };
    }
}
