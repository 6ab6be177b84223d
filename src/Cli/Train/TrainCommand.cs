using System.CommandLine;
using Personalization.Cli.Http;
using Personalization.Cli.Output;

namespace Personalization.Cli.Train;

/// <summary><c>personalize train</c>: fits a predictor to a file, says how good it is, and puts it on the server or into a file.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "Delimited text with a row of column names; gzip is unpacked." };

    private static readonly Option<string> Mapping = new("--mapping") { Description = "A YAML file that says how rows are read.", Required = true, HelpName = "FILE" };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Write the document to this file, as `apply` takes it, and leave the server alone.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Id = new("--id")
    {
        Description = "The predictor's id, which is its feature's name.",
        DefaultValueFactory = _ => "intent.purchase",
        HelpName = "ID",
    };

    public static Command Create(Terminal terminal, Option<Uri> server) => new("train", "Fits predictors, whose answers are features.")
    {
        Intent(terminal, server),
        Value(terminal, server),
    };

    private static Command Intent(Terminal terminal, Option<Uri> server)
    {
        var command = new Command(
            "intent", "Fits a logistic regression to rows with an outcome. Every fifth row is kept from it and tells how good it is.")
        {
            File, Mapping, Out, Id,
        };
        command.SetAction((parsed, ct) =>
        {
            var trained = IntentTraining.Train(
                parsed.GetRequiredValue(File), parsed.GetRequiredValue(Mapping), parsed.GetRequiredValue(Id), terminal.Error.WriteLine);
            return DeliverAsync(terminal, parsed.GetRequiredValue(server), parsed.GetValue(Out), trained, ct);
        });
        return command;
    }

    private static Command Value(Terminal terminal, Option<Uri> server)
    {
        var command = new Command(
            "value", "Fits BG/NBD and Gamma-Gamma to purchases: rows that the mapping makes events of type purchase with a user, a time and a price.")
        {
            File, Mapping, Out,
        };
        command.SetAction((parsed, ct) =>
        {
            var trained = ValueTraining.Train(parsed.GetRequiredValue(File), parsed.GetRequiredValue(Mapping), terminal.Error.WriteLine);
            return DeliverAsync(terminal, parsed.GetRequiredValue(server), parsed.GetValue(Out), trained, ct);
        });
        return command;
    }

    private static async Task<int> DeliverAsync(Terminal terminal, Uri address, string? file, TrainedPredictor trained, CancellationToken ct)
    {
        foreach (var line in trained.Summary)
        {
            terminal.Out.WriteLine(line);
        }

        if (file is not null)
        {
            await System.IO.File.WriteAllBytesAsync(file, trained.AsConfiguration(), ct);
            terminal.Out.WriteLine($"written to {file}; personalize apply {file} puts it on a server");
            return 0;
        }

        using var server = new PersonalizationServer(address, terminal);
        await server.PutAsync($"v1/predictors/{Uri.EscapeDataString(trained.Id)}", trained.Document(), ct);
        terminal.Out.WriteLine($"{address}v1/predictors/{trained.Id} is now this one");
        return 0;
    }
}
