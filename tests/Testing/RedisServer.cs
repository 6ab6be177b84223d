using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Personalization.Testing;

/// <summary>A real redis-server of its own on a free port of loopback, with its data in a folder that is gone afterwards.</summary>
public sealed class RedisServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private Process _process;

    private RedisServer() => _process = Launch();

    /// <summary>Gets why there can be none on this machine; null where there can.</summary>
    public static string? Missing { get; } = Why();

    /// <summary>Gets <c>host:port</c>.</summary>
    public string Address => $"127.0.0.1:{_port}";

    /// <summary>Starts one, and returns once it takes connections.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.ReadyAsync();
        return server;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Stops it where it is, as a machine that hangs does: connections stay open and nobody answers. Or lets it go on.</summary>
    public void Hang(bool hang)
    {
        using var kill = Process.Start("kill", [hang ? "-STOP" : "-CONT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Starts it again on what it had written.</summary>
    public async Task RestartAsync()
    {
        _process = Launch();
        await ReadyAsync();
    }

    /// <summary>Copies what it has written so far, as a snapshot of its disk would.</summary>
    public TemporaryFolder Snapshot()
    {
        var copy = new TemporaryFolder();
        Copy(_folder.Path, copy.Path);
        return copy;
    }

    /// <summary>Puts a snapshot in the place of what it has written, while it does not run.</summary>
    public void Restore(TemporaryFolder snapshot)
    {
        foreach (var folder in Directory.EnumerateDirectories(_folder.Path))
        {
            Directory.Delete(folder, recursive: true);
        }

        Copy(snapshot.Path, _folder.Path);
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Why()
    {
        try
        {
            using var version = Process.Start(new ProcessStartInfo("redis-server", ["--version"]) { RedirectStandardOutput = true })!;
            version.WaitForExit();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "redis-server is not installed; on Debian: apt-get install redis-server.";
        }
    }

    private Process Launch() => Process.Start(new ProcessStartInfo(
        "redis-server",
        ["--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--appendonly", "yes", "--appendfsync", "always", "--save", ""])
    {
        RedirectStandardOutput = true,
    })!;

    private async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("redis-server ended before it was ready.");
    }
}
