using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Bench.Workload;
using Personalization.Node;

namespace Personalization.Bench.Measurements;

/// <summary>How long it takes to erase one person of a large store, until nothing of them is left in any file.</summary>
internal sealed class EraseOne : IMeasurement
{
    private const int Times = 20;

    public string Name => "erase";

    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        var people = effort.StoredProfiles;
        var folder = Folders.Fresh("erase");
        foreach (var file in Directory.EnumerateFiles(await Store.WithAsync(people), "*.db"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        using var engine = NodePersonalizer.Open(new NodeOptions { DataFolder = folder }, TimeProvider.System, NullLoggerFactory.Instance);
        var first = await EraseAsync(engine, 0);
        var seconds = new List<double>();
        for (var person = 1; person <= Times; person++)
        {
            seconds.Add(await EraseAsync(engine, person * (people / (Times + 1))));
        }

        return
        [
            Row.Below($"erasing one of {Row.Text(people)} people, until nothing is left in any file", Ratios.Of(seconds), 1, "s",
                $"{Row.Text(seconds.Min())}–{Row.Text(seconds.Max())}; the first one, which clears what the store was filled with, {Row.Text(first)} s"),
        ];
    }

    private static async Task<double> EraseAsync(NodePersonalizer engine, int person)
    {
        var began = Stopwatch.GetTimestamp();
        var receipt = await engine.EraseAsync([People.Id(person)], default);
        return receipt.Erased.Profiles == 1
            ? Stopwatch.GetElapsedTime(began).TotalSeconds
            : throw new InvalidOperationException("There was nobody to erase.");
    }
}
