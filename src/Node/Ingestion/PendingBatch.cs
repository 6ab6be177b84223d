using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;

namespace Personalization.Node.Ingestion;

/// <summary>Events on their way to the disk, already in the form they take there.</summary>
internal sealed class PendingBatch(IReadOnlyList<Event> events, ArrayBufferWriter<byte> bytes, int dropped)
{
    private readonly TaskCompletionSource<IngestReceipt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Event> Events => events;

    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    /// <summary>Gets where each event lies in a log that holds it already (<see cref="Core.Ingestion.LogPosition"/>); null before it is in one.</summary>
    public long[]? Positions { get; init; }

    /// <summary>Gets what is told, on the thread that folds, as soon as the group is folded.</summary>
    public Action<PendingBatch>? WhenFolded { get; init; }

    /// <summary>Gets the positions of the events that were known before, where <see cref="Positions"/> are given.</summary>
    public List<long> Repeated { get; } = [];

    public Task<IngestReceipt> Done => _done.Task;

    public void Complete(int duplicates, long version)
    {
        WhenFolded?.Invoke(this);
        _done.TrySetResult(new IngestReceipt(events.Count, duplicates, dropped, version));
    }

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
