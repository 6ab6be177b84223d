namespace Personalization.Cli.Http;

/// <summary>What the server did with a batch of events.</summary>
internal sealed record EventsAnswer(long Accepted, long Duplicates, IReadOnlyList<RejectedEvent>? Rejected);

/// <summary>One event that was not taken: its place in the batch and why.</summary>
internal sealed record RejectedEvent(int Index, string Code, string? Detail, string? Path);
