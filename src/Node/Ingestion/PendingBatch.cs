using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;

namespace Personalization.Node.Ingestion;

/// <summary>Events on their way to the disk, already in the form they take there.</summary>
internal sealed class PendingBatch(IReadOnlyList<Event> events, ArrayBufferWriter<byte> bytes, int dropped, IReadOnlyList<RejectedEvent> rejected)
{
    private readonly TaskCompletionSource<IngestReceipt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Event> Events => events;

    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    public Task<IngestReceipt> Done => _done.Task;

    public void Complete(int duplicates, long version) =>
        _done.TrySetResult(new IngestReceipt(events.Count, duplicates, dropped, version) { Rejected = rejected });

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
