namespace Personalization.Core;

/// <summary>What became of events that were taken in.</summary>
/// <param name="Accepted">How many are durable and folded, those that were before included.</param>
/// <param name="Duplicates">How many of them had been folded before.</param>
/// <param name="Dropped">How many more were dropped because the person denied what they are for.</param>
/// <param name="ProfileVersion">The log position of the last one: a decision that names it has seen them all.</param>
public readonly record struct IngestReceipt(int Accepted, int Duplicates, int Dropped, long ProfileVersion)
{
    private readonly IReadOnlyList<Events.RejectedEvent>? _rejected;

    /// <summary>Gets the events that were refused for what the host knows, by their place among those handed in, in order.</summary>
    public IReadOnlyList<Events.RejectedEvent> Rejected
    {
        get => _rejected ?? [];
        init => _rejected = value;
    }
}
