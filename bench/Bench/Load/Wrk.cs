using System.Diagnostics;
using System.Globalization;

namespace Personalization.Bench.Load;

/// <summary>One run of load against one address.</summary>
/// <param name="Rate">Answers per second.</param>
/// <param name="Median">The median latency in microseconds.</param>
/// <param name="P99">The 99th percentile of the latency in microseconds.</param>
internal sealed record Load(double Rate, double Median, double P99);

/// <summary>Runs wrk: one thread, each connection sends its next request when the last is answered.</summary>
internal static class Wrk
{
    public static readonly string? Missing = Find() is null ? "wrk is not installed (Debian: apt-get install wrk)" : null;

    /// <summary>Sends prepared requests; see bench/wrk/play.lua.</summary>
    /// <param name="url">The server.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="bodies">A file with one body a line, or null for none.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="seconds">How long.</param>
    public static async Task<Load> RunAsync(string url, string method, string path, string? bodies, int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "20s", "-s", Folders.Player, url, "--", method, path })
        {
            start.ArgumentList.Add(argument);
        }

        if (bodies is not null)
        {
            start.ArgumentList.Add(bodies);
            start.ArgumentList.Add(Random.Shared.Next(1, 1_000_000).ToString(CultureInfo.InvariantCulture));
        }

        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("result ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk gave no result: {output}");
        var fields = line.Split(' ').Skip(1).Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return fields[4] == 0
            ? new Load(fields[0] / (fields[1] / 1_000_000), fields[2], fields[3])
            : throw new InvalidOperationException($"{fields[4]:0} of {fields[0]:0} requests to {path} failed.");
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "wrk")).FirstOrDefault(File.Exists);
}
