using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Personalization.Node.Storage;

/// <summary>The two things of the operating system that .NET does not reach: a folder's fsync, and opening without a lock.</summary>
internal static class Posix
{
    /// <summary>Makes the names in a folder durable: after a crash a created or renamed file is still found there.</summary>
    /// <remarks>Does nothing on Windows, where NTFS journals names itself and a folder has no flush.</remarks>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = OpenForReading(path);
        if (NativeMethods.Sync(folder) != 0)
        {
            throw Failure("flush", path);
        }
    }

    /// <summary>Opens a file or folder without the advisory lock that every file opened by .NET takes.</summary>
    public static SafeFileHandle OpenForReading(string path)
    {
        var handle = NativeMethods.Open(Encoding.UTF8.GetBytes(path + '\0'), flags: 0);
        return handle >= 0 ? new SafeFileHandle(handle, ownsHandle: true) : throw Failure("open", path);
    }

    private static IOException Failure(string verb, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException(string.Create(CultureInfo.InvariantCulture,
            $"Could not {verb} '{path}': {new Win32Exception(error).Message}"), error);
    }

    private static class NativeMethods
    {
        // O_RDONLY is 0 everywhere; the other flags differ between systems and are not needed.
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static extern int Sync(SafeFileHandle handle);
    }
}
