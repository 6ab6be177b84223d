using System.Diagnostics;

namespace Personalization.Node.Tests;

/// <summary>A fact that needs root on Linux, to mount a file system; skipped with the reason elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly string? Reason = Why();

    public MountFactAttribute() => Skip = Reason;

    private static string? Why()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "Mounting a small file system needs root on Linux.";
        }

        // A container's root often may not mount.
        try
        {
            using var mount = new SmallDisk("256k");
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }
}

/// <summary>A mounted file system of a given size, in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallDisk(string size, string options = "rw")
    {
        try
        {
            Run("mount", "-t", "tmpfs", "-o", $"{options},size={size}", "tmpfs", Path);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    /// <summary>Writes a file until the disk is full; deleting it frees the space.</summary>
    public string Fill()
    {
        var file = this["filler"];
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var block in (int[])[64 << 10, 4 << 10])
        {
            try
            {
                while (true)
                {
                    stream.Write(new byte[block]);
                }
            }
            catch (IOException)
            {
            }
        }

        return file;
    }

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{program} failed: {error.Trim()}");
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{program} could not be started: {e.Message}", e);
        }
    }
}
