using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Personalization.Cli.Apply;
using Personalization.Cli.Http;
using Personalization.Cli.Output;

namespace Personalization.Cli.Segments;

/// <summary><c>personalize segment preview</c> and <c>personalize segment sizes</c>.</summary>
internal static class SegmentCommand
{
    private const int MostSample = 100_000;

    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = " ", NumberDecimalDigits = 0 };

    private static readonly Argument<string> File = new("FILE")
    {
        Description = "A YAML or JSON file as apply takes it; each of its segments is tried.",
    };

    private static readonly Option<int> Sample = new("--sample")
    {
        Description = "How many people to ask at most.",
        DefaultValueFactory = _ => 20_000,
    };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        if (Sample.Validators.Count == 0)
        {
            Sample.Validators.Add(result =>
            {
                if (result.GetValue(Sample) is < 1 or > MostSample)
                {
                    result.AddError(FormattableString.Invariant($"--sample is a whole number from 1 to {MostSample}."));
                }
            });
        }

        var preview = new Command("preview", "Says who would be in the segments of a file, and who would leave those they replace. Saves nothing.") { File, Sample };
        preview.SetAction((parsed, ct) =>
            PreviewAsync(terminal, parsed.GetRequiredValue(server), parsed.GetRequiredValue(File), parsed.GetValue(Sample), ct));
        var sizes = new Command("sizes", "Says how many people are in each segment.");
        sizes.SetAction((parsed, ct) => SizesAsync(terminal, parsed.GetRequiredValue(server), ct));
        return new Command("segment", "Tries segments out, and says how large they are.") { preview, sizes };
    }

    private static async Task<int> PreviewAsync(Terminal terminal, Uri address, string file, int sample, CancellationToken ct)
    {
        var segments = ConfigurationFile.Read(file).Where(entry => entry.Section == "segments").ToArray();
        if (segments is [])
        {
            throw new UserError($"{file}: there are no segments in this file.");
        }

        using var server = new PersonalizationServer(address, terminal);
        var known = (await server.SegmentsAsync(ct)).Segments.Select(segment => segment.Id).ToHashSet(StringComparer.Ordinal);
        var wrong = false;
        foreach (var (_, id, entry) in segments)
        {
            var request = new JsonObject { ["condition"] = entry.Body?["condition"]?.DeepClone(), ["sample"] = sample };
            if (known.Contains(id!))
            {
                request["replaces"] = id;
            }

            var (answer, problem) = await server.PreviewSegmentAsync(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(request, JsonContext.Default.JsonNode), ct);
            if (answer is null)
            {
                wrong = true;
                Explain(terminal.Error, entry, problem!);
                continue;
            }

            Write(terminal.Out, id!, answer);
        }

        return wrong ? 1 : 0;
    }

    private static void Write(TextWriter output, string id, SegmentPreviewAnswer answer)
    {
        output.WriteLine($"{id}: {answer.Summary}{Of(answer.Estimate, answer.Sampled < answer.People, "people")}");
        if (answer.Replaces is { } replaced)
        {
            output.WriteLine(string.Create(
                Grouped, $"  {replaced.Leaving:N0} of {replaced.Sampled:N0} members would leave{Of(replaced.Estimate, replaced.Sampled < replaced.Members, "members")}"));
        }

        if (answer.Examples is not [])
        {
            output.WriteLine($"  for example {string.Join(", ", answer.Examples)}");
        }
    }

    private static string Of(EstimateAnswer estimate, bool isSampled, string whom) => isSampled
        ? string.Create(Grouped, $", so about {estimate.Count:N0} {whom} ({estimate.Low:N0} to {estimate.High:N0} with {estimate.Confidence * 100:N0} % confidence)")
        : "";

    private static void Explain(TextWriter error, ConfigurationEntry entry, ProblemAnswer problem)
    {
        foreach (var fault in problem.Errors is { Count: > 0 } errors ? errors : [new ProblemEntry(null, null, problem.InOneLine())])
        {
            var path = fault.Path is { Length: > 0 } ? "." + fault.Path : "";
            error.WriteLine($"{entry.PlaceOf(path)}: {(fault with { Path = entry.Path + path }).InOneLine()}");
        }
    }

    private static async Task<int> SizesAsync(Terminal terminal, Uri address, CancellationToken ct)
    {
        using var server = new PersonalizationServer(address, terminal);
        foreach (var segment in (await server.SegmentsAsync(ct)).Segments)
        {
            var size = await server.SegmentSizeAsync(segment.Id, ct);
            terminal.Out.WriteLine(string.Create(Grouped, $"{size.Members,12:N0}  {segment.Id}{(size.Complete ? "" : "  (not everybody was asked yet)")}"));
        }

        return 0;
    }
}
