using System.Buffers;

namespace Personalization.Node.HotState;

/// <summary>A piece of hot state that checkpoints write. Whoever changes or writes it holds its lock.</summary>
internal abstract class Tracked
{
    /// <summary>Gets or sets the epoch in which it changed since it was last written; 0 where it did not.</summary>
    public int ChangedIn { get; set; }

    /// <summary>Gets or sets its state as the running checkpoint must write it, where it changed since that began.</summary>
    public byte[]? Preserved { get; set; }

    /// <summary>Writes the state as it is now.</summary>
    public abstract void Write(IBufferWriter<byte> output);
}
