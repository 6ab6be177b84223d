namespace Personalization.Core.Events;

/// <summary>What was read of a batch: the good events, and for each bad one its place and what is wrong with it.</summary>
/// <param name="Events">The good events, in the order sent.</param>
/// <param name="Rejected">The bad ones, in the order sent.</param>
public sealed record EventBatch(IReadOnlyList<Event> Events, IReadOnlyList<RejectedEvent> Rejected);
