using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Personalization.Bench.Workload;

namespace Personalization.Bench.Measurements;

/// <summary>How long the executable takes from its start to its first answer, on a large store with a log that a killed process left.</summary>
internal sealed class Restart : IMeasurement
{
    private const int TailEvents = 50_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "restart";

    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        var people = effort.StoredProfiles;
        // A copy: what the tails teach must not stay in the store that other measurements use.
        var folder = Folders.Fresh("restart");
        foreach (var file in Directory.EnumerateFiles(await Store.WithAsync(people), "*.db"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var cold = new List<(double Ready, double Decided)>();
        var warm = new List<(double Ready, double Decided)>();
        for (var round = 0; round < Math.Min(3, effort.Rounds); round++)
        {
            foreach (var rounds in new[] { cold, warm })
            {
                Store.LeaveTail(folder, TailEvents, people, Random.Shared.Next(1, int.MaxValue));
                if (rounds == cold)
                {
                    await ForgetAsync(folder);
                }

                rounds.Add(await StartAsync(folder, people));
            }
        }

        var what = $"start with {Row.Text(people)} profiles and {Row.Text(TailEvents)} events of a killed process in the log: seconds until /readyz";
        return
        [
            Row.Below(what + ", files not in memory", Ratios.Of(cold.Select(start => start.Ready)), 5, "s", First(cold)),
            Row.Below(what + ", files in memory", Ratios.Of(warm.Select(start => start.Ready)), 5, "s", First(warm)),
        ];

        static string First(List<(double Ready, double Decided)> starts) =>
            $"{Row.Text(starts.Min(start => start.Ready))}–{Row.Text(starts.Max(start => start.Ready))}; the first decide answered at {Row.Text(Ratios.Of(starts.Select(start => start.Decided)))} s";
    }

    private static async Task<(double Ready, double Decided)> StartAsync(string folder, int people)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var began = Stopwatch.GetTimestamp();
        using var node = Process.Start(new ProcessStartInfo(Executable(), ["--urls", url, "--data", folder]) { RedirectStandardOutput = true })!;
        node.OutputDataReceived += (_, _) => { };
        node.BeginOutputReadLine();
        try
        {
            while (!await IsReadyAsync(client))
            {
                if (node.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                {
                    throw new InvalidOperationException("The node did not become ready.");
                }

                await Task.Delay(5);
            }

            var ready = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await DecideOverHttp.CheckAsync(client, Random.Shared.Next(people));
            return (ready, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        finally
        {
            // Ends it as an operator does, so that the next start finds a checkpoint and its own tail.
            using var kill = Process.Start("kill", ["-TERM", node.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await node.WaitForExitAsync();
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync("/readyz");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Has the kernel forget the files' contents (posix_fadvise through dd), so that they are read from the disk.</summary>
    private static async Task ForgetAsync(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var dd = Process.Start(new ProcessStartInfo("dd", [$"if={file}", "iflag=nocache", "count=0", "status=none"]))!;
            await dd.WaitForExitAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Executable()
    {
        // The same configuration and framework that this process was built for.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Folders.Repository, "src", "Node", "bin", output.Parent!.Name, output.Name, "Personalization.Node");
    }
}
