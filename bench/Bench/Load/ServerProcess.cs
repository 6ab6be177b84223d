using System.Diagnostics;
using System.Globalization;

namespace Personalization.Bench.Load;

/// <summary>A <see cref="Server"/> in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private ServerProcess(Process process, string url)
    {
        _process = process;
        Url = url;
        Client = new HttpClient { BaseAddress = new Uri(url), Timeout = Patience };
    }

    public string Url { get; }

    public HttpClient Client { get; }

    /// <summary>Starts one on a data folder, and waits until the first people's profiles are hot and it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string folder, int people)
    {
        var process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["serve", folder, people.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var cancellation = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(cancellation.Token) is { } line)
        {
            if (line.StartsWith(Server.Listening, StringComparison.Ordinal))
            {
                // Whatever it logs from now on must not fill the pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new ServerProcess(process, line[Server.Listening.Length..]);
            }
        }

        throw new InvalidOperationException("The server under load did not start.");
    }

    public async Task<double> NumberAsync(string path) =>
        double.Parse(await Client.GetStringAsync(path), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
