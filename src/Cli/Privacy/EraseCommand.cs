using System.CommandLine;
using System.Text.Json;
using Personalization.Cli.Http;
using Personalization.Cli.Output;

namespace Personalization.Cli.Privacy;

/// <summary><c>personalize erase</c>.</summary>
internal static class EraseCommand
{
    private const int IdsPerRequest = 10_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private static readonly Argument<string[]> Ids = new("ID") { Description = "The ids of those who are to be forgotten.", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<string?> FileOption = new("--file") { Description = "A file with one id a line; - reads them from the standard input." };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var command = new Command("erase", "Erases people: all that is kept of them. Returns once nothing is left.") { Ids, FileOption };
        command.SetAction((parsed, ct) =>
            RunAsync(terminal, parsed.GetRequiredValue(server), [.. parsed.GetValue(Ids) ?? [], .. Lines(parsed.GetValue(FileOption))], ct));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, Uri address, string[] ids, CancellationToken ct)
    {
        if (ids.Length == 0)
        {
            throw new UserError("There is nobody to erase: give ids, or a file of them with --file.");
        }

        using var server = new PersonalizationServer(address, terminal);
        long done = 0;
        var finished = new List<ErasureAnswer>();
        await ProgressReport.WatchAsync(
            terminal, "erase", "people", () => new ProgressPoint(Interlocked.Read(ref done), (double)Interlocked.Read(ref done) / ids.Length), EraseAsync());
        foreach (var erasure in finished)
        {
            terminal.Out.WriteLine(
                $"erasure {erasure.Id}: {erasure.Erased?.Profiles} profiles, {erasure.Erased?.Decisions} decisions, {erasure.Erased?.TrainingSessions} training sessions");
            foreach (var remainder in erasure.Remains ?? [])
            {
                terminal.Out.WriteLine($"  events remain in {remainder.Place} until {remainder.Until?.ToString("u") ?? "nobody knows when"}");
            }
        }

        return 0;

        async Task EraseAsync()
        {
            foreach (var some in ids.Chunk(IdsPerRequest))
            {
                var before = Interlocked.Read(ref done);
                var erasure = await server.BeginErasureAsync(JsonSerializer.SerializeToUtf8Bytes(new ErasureRequest(some), AnswerJson.Default.ErasureRequest), ct);
                while (!erasure.Finished)
                {
                    await Task.Delay(Look, terminal.Time, ct);
                    erasure = await server.FindErasureAsync(erasure.Id, ct);
                    Interlocked.Exchange(ref done, before + erasure.Done);
                }

                Interlocked.Exchange(ref done, before + some.Length);
                finished.Add(erasure);
            }
        }
    }

    private static IEnumerable<string> Lines(string? file)
    {
        var lines = file is null ? [] : file == "-" ? Console.In.ReadToEnd().Split('\n') : File.ReadLines(file);
        return lines.Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0);
    }
}

/// <summary>Whom to erase.</summary>
internal sealed record ErasureRequest(IReadOnlyList<string> Ids);
