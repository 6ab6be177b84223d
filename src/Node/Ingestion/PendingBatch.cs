using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;

namespace Personalization.Node.Ingestion;

/// <summary>Events on their way to the disk, already in the form they take there.</summary>
internal sealed class PendingBatch(
    IReadOnlyList<Event> events, ArrayBufferWriter<byte> bytes, int dropped, IReadOnlyList<RejectedEvent> rejected)
{
    private readonly TaskCompletionSource<IngestReceipt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Event> Events => events;

    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    /// <summary>Gets what is told the first event's position, on the thread that folds, as soon as the group is folded.</summary>
    public Action<PendingBatch, long>? WhenFolded { get; init; }

    /// <summary>Gets which of the events were known before, by their place in <see cref="Events"/>.</summary>
    public List<int> Repeated { get; } = [];

    public Task<IngestReceipt> Done => _done.Task;

    /// <summary>Says that it is folded: its first event has a position, and the others follow it.</summary>
    public void Complete(int duplicates, long first)
    {
        WhenFolded?.Invoke(this, first);
        _done.TrySetResult(new IngestReceipt(events.Count, duplicates, dropped, first + events.Count - 1) { Rejected = rejected });
    }

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
