using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Node.Ingestion;

namespace Personalization.Node.Kafka;

/// <summary>
/// A log outside of this process that takes the place of the node's own: events are durable there, and are folded from there.
/// </summary>
/// <remarks>The seam to the Kafka client, which not every build has.</remarks>
internal interface IEventFeed : IAsyncDisposable
{
    /// <summary>Gets whether everything is folded that the log held when this began to read it.</summary>
    bool IsCaughtUp { get; }

    /// <summary>Begins to hand events over, each partition's in order, and what is handed over only once.</summary>
    /// <param name="queue">Where they go. Its batches must be folded in the order they were put.</param>
    void Start(CommitQueue queue);

    /// <summary>Makes events durable, and waits until they are folded.</summary>
    /// <exception cref="UnavailableException">Not all of them are; sending all again is right.</exception>
    Task<IngestReceipt> AppendAsync(IReadOnlyList<Event> events, int dropped, IReadOnlyList<RejectedEvent> rejected);

    /// <summary>Gives what the next checkpoint must hold to go on after what is folded. On the thread that folds.</summary>
    IReadOnlyCollection<KeyValuePair<string, long>> Marks();
}
