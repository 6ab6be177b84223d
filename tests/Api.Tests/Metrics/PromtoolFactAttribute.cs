using System.ComponentModel;
using System.Diagnostics;

namespace Personalization.Api.Tests.Metrics;

/// <summary>A fact that Prometheus's own tool judges, skipped with the reason where the machine has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromtoolFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            return RunAsync("", "--version").GetAwaiter().GetResult().ExitCode == 0 ? null : "promtool does not run on this machine.";
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    });

    public PromtoolFactAttribute() => Skip = Missing.Value;

    /// <summary>Runs it on a text and gives its exit code and everything it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
