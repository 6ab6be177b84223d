using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Personalization.Bench.Cluster;

/// <summary>The silo's executable in a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private SiloProcess(Process process, string url)
    {
        _process = process;
        Url = url;
        Client = new HttpClient { BaseAddress = new Uri(url), Timeout = Patience };
    }

    public string Url { get; }

    public HttpClient Client { get; }

    /// <summary>Starts one, and waits until it is ready.</summary>
    public static async Task<SiloProcess> StartAsync(string redis, string kafka, string topic)
    {
        // A decision that is late is one for a stranger, which is less work: here each is to be the whole one.
        var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Personalization.Silo.dll"), "--urls", "http://127.0.0.1:0", "--redis", redis, "--kafka", kafka,
            "--topic", topic, "--silo-port", FreePort(), "--gateway-port", FreePort(), "--decision-budget-ms", "10000",
        ])
        {
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Whatever it logs from now on must not fill the pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                var silo = new SiloProcess(process, line[(at + Listening.Length)..].Trim());
                await silo.UntilReadyAsync(limit.Token);
                return silo;
            }
        }

        throw new InvalidOperationException("The silo under load did not start.");
    }

    /// <summary>Gets how many profiles are in its memory.</summary>
    public async Task<int> HotProfilesAsync()
    {
        using var stats = JsonDocument.Parse(await Client.GetStringAsync("/v1/stats"));
        return stats.RootElement.GetProperty("hotProfiles").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task UntilReadyAsync(CancellationToken limit)
    {
        while (true)
        {
            using var response = await Client.GetAsync("/readyz", limit);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(100, limit);
        }
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
