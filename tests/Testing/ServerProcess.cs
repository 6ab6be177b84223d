using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Personalization.Testing;

/// <summary>A real server of ours, as a process of its own on a free port of loopback.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private const int MostLines = 200;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        _ = KeepReadingAsync();
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>Gets the last lines that it wrote, to be shown where a test fails.</summary>
    public string LastWords
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public string Address => Http.BaseAddress!.ToString().TrimEnd('/');

    /// <summary>Starts it, and returns once it listens.</summary>
    /// <param name="assembly">The executable's assembly: <c>Personalization.Node</c>.</param>
    /// <param name="options">Its command line, without <c>--urls</c>.</param>
    public static Task<ServerProcess> StartAsync(string assembly, params string[] options) => StartAsync(assembly, [], options);

    /// <summary>Starts it with some more environment variables.</summary>
    public static async Task<ServerProcess> StartAsync(string assembly, (string Name, string Value)[] environment, params string[] options)
    {
        var process = Launch(assembly, ["--urls", "http://127.0.0.1:0", .. options], environment);
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return new ServerProcess(process, new Uri(match.Groups[1].Value));
            }
        }

        throw new InvalidOperationException($"The server did not start: {await errors}");
    }

    /// <summary>Runs it to its end, for starts that must fail.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(string assembly, params string[] options)
    {
        using var process = Launch(assembly, options);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    /// <summary>Ends it as a power cut would: SIGKILL, no goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops or goes on with the process as a whole, as a paused machine does.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync();

    /// <summary>Asks it to stop, as an orchestrator does.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            await _process.WaitForExitAsync();
        }
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    public async Task<JsonElement> GetAsync(string path) => JsonElement.Parse(await Http.GetStringAsync(path));

    /// <summary>Asks again until the answer (null for 404) is as wanted, for what another process brings about.</summary>
    public async Task<JsonElement?> UntilAsync(string path, Func<JsonElement?, bool> wanted)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            using var response = await Http.GetAsync(path, limit.Token);
            JsonElement? found = response.IsSuccessStatusCode ? JsonElement.Parse(await response.Content.ReadAsStringAsync(limit.Token)) : null;
            if (wanted(found))
            {
                return found;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        _process.Dispose();
    }

    // Whoever stops reading a pipe stops the process that writes to it.
    private async Task KeepReadingAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > MostLines)
                {
                    _lines.Dequeue();
                }
            }
        }
    }

    private static Process Launch(string assembly, string[] options, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly + ".dll"), .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
