using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Personalization.Bench;

/// <summary>Where and on what a run was made.</summary>
internal static class Machine
{
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores of {Cpu()}, {Memory()} GiB, {System()}, .NET {Environment.Version}; load before the run {Load()}");

    public static string Commit()
    {
        var changed = Git("status --porcelain --untracked-files=no -- src bench").Length > 0;
        return Git("rev-parse --short HEAD") + (changed ? "-changed" : "");
    }

    private static string Cpu() => Line("/proc/cpuinfo", "model name")?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string System() => Line("/etc/os-release", "PRETTY_NAME")?.Split('=', 2)[1].Trim('"') ?? RuntimeInformation.OSDescription;

    private static long Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string? Line(string file, string start) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) : null;

    private static string Git(string arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, WorkingDirectory = Folders.Repository })!;
            return git.StandardOutput.ReadToEnd().Trim();
        }
        catch (global::System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
