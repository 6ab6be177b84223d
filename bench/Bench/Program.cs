using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Personalization.Bench;
using Personalization.Bench.Load;
using Personalization.Bench.Measurements;

IMeasurement[] all = [new ProfileWeight(), new InProcessCeilings(), new DecideOverHttp(), new DurableIngest(), new Restart(), new EraseOne(), new DecideGrowth()];

// Each measurement runs in a process of its own, so that none inherits the heap or the faults of another.
switch (args)
{
    case ["serve", var folder, var people]:
        await Server.RunAsync(folder, int.Parse(people, CultureInfo.InvariantCulture));
        return 0;
    case ["measure", var name, var file, ..]:
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(await TryMeasureAsync(all.Single(measurement => measurement.Name == name))));
        return 0;
    default:
        return await RunAllAsync();
}

async Task<int> RunAllAsync()
{
    var names = args.Where(argument => argument != "--quick").ToArray();
    if (names.FirstOrDefault(name => all.All(measurement => measurement.Name != name)) is { } unknown)
    {
        await Console.Error.WriteLineAsync(
            $"There is no measurement \"{unknown}\". Usage: bench/run.sh [--quick] [{string.Join("|", all.Select(measurement => measurement.Name))}]…");
        return 2;
    }

    var effort = EffortOf(args);
    var began = DateTimeOffset.UtcNow;
    var machine = Machine.Describe();
    var commit = Machine.Commit();
    var table = new List<Row>();
    foreach (var measurement in all.Where(measurement => names.Length == 0 || names.Contains(measurement.Name)))
    {
        await Console.Error.WriteLineAsync($"{measurement.Name} …");
        table.AddRange(await MeasureAsync(measurement, effort));
    }

    var report = Report.Write(effort, machine, commit, began, table);
    Console.Write("\n" + report);

    // A part of the table, or a hasty one, must not pass for the whole.
    var label = effort.IsQuick || names.Length > 0 ? "-partial" : "";
    await File.WriteAllTextAsync(Path.Combine(Folders.Results, $"{began:yyyy-MM-dd}-{commit}{label}.md"), report);
    await File.WriteAllTextAsync(Path.Combine(Folders.Results, $"latest{label}.md"), report);
    return table.Any(row => row.Outcome == Outcome.Broken) ? 1 : 0;
}

static async Task<IReadOnlyList<Row>> MeasureAsync(IMeasurement measurement, Effort effort)
{
    var file = Path.Combine(Folders.Artifacts, measurement.Name + ".json");
    File.Delete(file);
    using var process = Process.Start(
        Environment.ProcessPath!, ["measure", measurement.Name, file, .. effort.IsQuick ? ["--quick"] : Array.Empty<string>()]);
    await process.WaitForExitAsync();
    return File.Exists(file)
        ? JsonSerializer.Deserialize<Row[]>(await File.ReadAllTextAsync(file))!
        : [Row.Broken(measurement.Name, $"its process ended with {process.ExitCode}")];
}

async Task<IReadOnlyList<Row>> TryMeasureAsync(IMeasurement measurement)
{
    try
    {
        return await measurement.RunAsync(EffortOf(args));
    }
#pragma warning disable CA1031 // One that breaks must not take the others' figures with it.
    catch (Exception exception)
#pragma warning restore CA1031
    {
        await Console.Error.WriteLineAsync(exception.ToString());
        return [Row.Broken(measurement.Name, exception.Message)];
    }
}

static Effort EffortOf(string[] args) => args.Contains("--quick") ? Effort.Quick : Effort.Full;
