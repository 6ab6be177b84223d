namespace Personalization.Node.Storage;

/// <summary>One commit group as it was appended.</summary>
/// <param name="FirstPosition">The position of the group's first event; the others follow without a hole.</param>
/// <param name="Count">How many events the group holds, at least 1.</param>
/// <param name="Payload">The appended parts, joined. The memory belongs to the receiver.</param>
internal readonly record struct LogRecord(long FirstPosition, int Count, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Gets the position of the group's last event.</summary>
    public long LastPosition => FirstPosition + Count - 1;
}
