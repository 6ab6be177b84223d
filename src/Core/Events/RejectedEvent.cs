namespace Personalization.Core.Events;

/// <summary>An event that was not taken, and why.</summary>
/// <param name="Index">Its place in the batch, or its line in a stream, from 0.</param>
/// <param name="Problem">What is wrong; the path is relative to the event.</param>
public sealed record RejectedEvent(int Index, Problem Problem);
