namespace Personalization.Core.Events;

/// <summary>An event that was not taken, and why.</summary>
/// <param name="Index">Its place in the batch, or its line in a stream, from 0.</param>
/// <param name="Problem">What is wrong; the path is relative to the event.</param>
public sealed record RejectedEvent(int Index, Problem Problem)
{
    /// <summary>Gets the event as it was sent, a JSON text; null where the door does not tell.</summary>
    public byte[]? Text { get; init; }

    /// <summary>Gets when its batch was sent, by the sender's clock; null where that was not said.</summary>
    public long? SentAt { get; init; }
}
