using System.Buffers;
using System.Threading.Channels;
using Personalization.Cli.Events;
using Personalization.Cli.Http;

namespace Personalization.Cli.Replay;

/// <summary>Sends what it is given in that order: a batch only leaves after the one before it was answered.</summary>
internal sealed class Lane(PersonalizationServer server, Action<IReadOnlyList<OutgoingEvent>, EventsAnswer> onAnswer)
{
    /// <summary>The most events in one request.</summary>
    public const int BatchEvents = 500;

    /// <summary>The most bytes in one request; the server takes 1 MiB, and the frame around the events is small.</summary>
    public const int BatchBytes = (1024 * 1024) - 1024;

    // A few batches deep: the next one is ready when an answer comes, and a slow server holds the reader back.
    private readonly Channel<Entry> _queue = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(BatchEvents * 4) { SingleReader = true, SingleWriter = true });

    public ValueTask AddAsync(OutgoingEvent added, CancellationToken ct) => _queue.Writer.WriteAsync(new(added, null), ct);

    /// <summary>Waits until everything added so far was answered.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new(default, reached), ct);
        await reached.Task.WaitAsync(ct);
    }

    public void Complete() => _queue.Writer.Complete();

    /// <summary>Sends until completed.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var batch = new List<OutgoingEvent>(BatchEvents);
        var body = new ArrayBufferWriter<byte>();
        while (await _queue.Reader.WaitToReadAsync(ct))
        {
            var reached = Fill(batch, body);
            if (batch.Count > 0)
            {
                onAnswer(batch, await server.SendEventsAsync(body.WrittenMemory, ct));
            }

            reached?.SetResult();
        }
    }

    // Takes what waits, up to one batch; what ends it early is a mark that somebody waits for.
    private TaskCompletionSource? Fill(List<OutgoingEvent> batch, ArrayBufferWriter<byte> body)
    {
        batch.Clear();
        body.ResetWrittenCount();
        body.Write("{\"events\":["u8);
        TaskCompletionSource? reached = null;
        while (reached is null && batch.Count < BatchEvents && _queue.Reader.TryPeek(out var entry)
            && body.WrittenCount + entry.Event.Json.Length < BatchBytes)
        {
            _queue.Reader.TryRead(out _);
            reached = entry.Reached;
            if (reached is null)
            {
                body.Write(batch.Count > 0 ? ","u8 : ""u8);
                body.Write(entry.Event.Json.Span);
                batch.Add(entry.Event);
            }
        }

        body.Write("]}"u8);
        return reached;
    }

    private readonly record struct Entry(OutgoingEvent Event, TaskCompletionSource? Reached);
}
