using System.CommandLine;
using Personalization.Cli.Files;
using Personalization.Cli.Http;
using Personalization.Cli.Mapping;
using Personalization.Cli.Output;

namespace Personalization.Cli.Replay;

/// <summary><c>personalize replay</c>.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> File = new("FILE")
    {
        Description = "Events, one JSON object a line (NDJSON), or rows of delimited text (CSV) together with --mapping. May be gzip.",
    };

    private static readonly Option<string?> MappingPath = new("--mapping")
    {
        Description = "YAML file that says how a row becomes an event. samples/eshop.mapping.yaml is an example.",
        HelpName = "FILE",
    };

    private static readonly Option<Speed> AtSpeed = new("--speed")
    {
        Description = "'max', or a multiple of real time by the events' timestamps: 1 is as it happened, 60 is an hour in a minute. "
            + "The file should then be roughly in order of time.",
        HelpName = "max|N",
        DefaultValueFactory = _ => Speed.Max,
        CustomParser = result =>
        {
            var speed = Speed.Parse(result.Tokens[0].Value);
            if (speed is null)
            {
                result.AddError($"--speed is 'max' or a number above 0, not '{result.Tokens[0].Value}'.");
            }

            return speed ?? Speed.Max;
        },
    };

    private static readonly Option<bool> WithItems = new("--items")
    {
        Description = "First put the catalog items that the mapping's 'items' derives from the rows.",
    };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var concurrency = ConcurrencyOption.Create("How many requests are under way at a time. A person's events always keep their order.");
        var command = new Command(
            "replay",
            "Sends a file of events to the server. Sending it again changes nothing: the server knows the message ids. "
            + "Ends with 1 if anything was rejected.")
        {
            File, MappingPath, AtSpeed, concurrency, WithItems,
        };
        command.SetAction((parsed, ct) => RunAsync(
            terminal,
            parsed.GetRequiredValue(server),
            parsed.GetRequiredValue(File),
            parsed.GetValue(MappingPath),
            parsed.GetValue(AtSpeed),
            parsed.GetValue(concurrency),
            parsed.GetValue(WithItems),
            ct));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        Uri address,
        string path,
        string? mappingPath,
        Speed speed,
        int concurrency,
        bool withItems,
        CancellationToken ct)
    {
        var mapping = mappingPath is null ? null : MappingFile.Load(mappingPath);
        if (mapping is null && IsTable(path))
        {
            throw new UserError($"{path} holds rows, not events. --mapping says how a row becomes an event.");
        }

        using var server = new PersonalizationServer(address, terminal);
        if (withItems)
        {
            await PutItemsAsync(terminal, server, path, mapping, mappingPath, ct);
        }

        var rejections = new Rejections();
        using var file = new InputFile(path);
        var lanes = await Replayer.RunAsync(
            terminal, server, EventSource.Read(file, mapping, rejections), () => file.Fraction, speed, concurrency, rejections, ct);

        terminal.Out.WriteLine(FormattableString.Invariant(
            $"accepted {lanes.Accepted:N0}, already known {lanes.Duplicates:N0}, rejected {rejections.Count:N0}"));
        rejections.WriteTo(terminal.Error);
        return rejections.Count == 0 ? 0 : 1;
    }

    private static async Task PutItemsAsync(
        Terminal terminal, PersonalizationServer server, string path, MappingFile? mapping, string? mappingPath, CancellationToken ct)
    {
        if (mapping is not { HasItems: true })
        {
            throw new UserError(
                mappingPath is null ? "--items needs a --mapping with an 'items' section." : $"{mappingPath} has no 'items' section.");
        }

        using var file = new InputFile(path);
        var items = ItemSource.Read(file, mapping);
        await Catalog.PutAsync(server, items, ct);
        terminal.Out.WriteLine(FormattableString.Invariant($"items {items.Count:N0}"));
    }

    private static bool IsTable(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToUpperInvariant() is ".CSV" or ".TSV";
    }
}
