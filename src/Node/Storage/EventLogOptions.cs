using Microsoft.Win32.SafeHandles;

namespace Personalization.Node.Storage;

/// <summary>How the event log lays out its files.</summary>
internal sealed class EventLogOptions
{
    /// <summary>Gets how many bytes a segment may reach before the next one is begun.</summary>
    /// <value>The default is 64 MiB. Only whole segments are dropped, so this is also what stays on disk at least.</value>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>Gets the call that makes a file's bytes durable.</summary>
    /// <value>The default is fsync. Only tests replace it: no file system fails one on request.</value>
    public Action<SafeFileHandle> Flush { get; init; } = RandomAccess.FlushToDisk;
}
