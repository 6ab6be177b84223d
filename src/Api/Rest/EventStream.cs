using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using Personalization.Api.Metrics;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary>Takes in events that arrive one a line, however many, holding a few groups of them at a time.</summary>
/// <remarks>
/// Groups are handed over one after another by one caller, which keeps every person's events in order; several may be under way,
/// so that reading goes on while the ones before are made durable.
/// </remarks>
internal sealed class EventStream(
    IPersonalizer personalizer,
    TimeProvider time,
    Purposes signalled,
    DeadLetterKeeper deadLetters,
    PersonalizationMetrics metrics,
    bool isAutomated,
    CancellationToken cancellation)
{
    private const int MostUnderWay = 4;
    private const int MostRejectedTold = 100;

    // A file of rubbish would otherwise be held whole; the store keeps no more than the last of it anyway.
    private const int MostUnkept = 1000;

    private readonly Queue<Group> _underWay = new();
    private readonly List<RejectedEvent> _rejected = [];
    private List<RejectedEvent> _unkept = [];
    private List<Event> _events = new(EventLimits.BatchEvents);
    private List<int> _lines = new(EventLimits.BatchEvents);
    private long _receivedAt;
    private int _line;
    private bool _isSkipping;
    private Exception? _failure;

    /// <summary>Gets what was taken so far.</summary>
    public IngestReceipt Receipt { get; private set; }

    /// <summary>Gets the first lines that were not taken, and why.</summary>
    public IReadOnlyList<RejectedEvent> Rejected => _rejected;

    /// <summary>Gets how many lines were not taken.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>Gets the first line, from 0, that was not dealt with for good: where a sender goes on after a failure.</summary>
    public int NextLine { get; private set; }

    /// <summary>Takes everything in. When it returns all of it is durable.</summary>
    /// <exception cref="UnavailableException">Some group could not be made durable; <see cref="NextLine"/> tells where to go on.</exception>
    public async Task TakeAsync(PipeReader reader)
    {
        try
        {
            await ReadAllAsync(reader);
        }
        finally
        {
            // What was started is finished and counted, whatever happened.
            await SettleAsync(mostLeft: 0);
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        NextLine = _line;
    }

    private async Task ReadAllAsync(PipeReader reader)
    {
        var isCompleted = false;
        while (!isCompleted && _failure is null)
        {
            var read = await NextAsync(reader);
            isCompleted = read.IsCompleted;
            _receivedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
            var rest = read.Buffer;
            while (_failure is null && TryTakeLine(ref rest, isCompleted, out var line))
            {
                Take(line);
                if (_events.Count == EventLimits.BatchEvents)
                {
                    await StartAsync();
                }
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (_unkept.Count > 0)
            {
                var rejected = _unkept;
                _unkept = [];
                await deadLetters.KeepAsync(rejected, _receivedAt, signalled, cancellation);
            }
        }

        if (_events.Count > 0 && _failure is null)
        {
            await StartAsync();
        }
    }

    private async ValueTask<ReadResult> NextAsync(PipeReader reader)
    {
        var reading = reader.ReadAsync(cancellation);
        if (reading.IsCompleted || _events.Count == 0)
        {
            return await reading;
        }

        // A sender that pauses must not keep its last events from profiles: they go as soon as those before them are done.
        var arriving = reading.AsTask();
        while (!arriving.IsCompleted && _underWay.TryPeek(out var oldest))
        {
            await Task.WhenAny(arriving, oldest.Ingesting);
            if (oldest.Ingesting.IsCompleted)
            {
                await SettleAsync(_underWay.Count - 1);
            }
        }

        if (_failure is not null)
        {
            reader.CancelPendingRead();
        }
        else if (!arriving.IsCompleted)
        {
            await StartAsync();
        }

        return await arriving;
    }

    private async Task StartAsync()
    {
        await SettleAsync(MostUnderWay - 1);
        if (_failure is null)
        {
            _underWay.Enqueue(new Group(IngestAsync(_events), _lines, _line));
            _events = new List<Event>(EventLimits.BatchEvents);
            _lines = new List<int>(EventLimits.BatchEvents);
        }
    }

    private async Task<IngestReceipt> IngestAsync(List<Event> events) => await personalizer.IngestAsync(events, cancellation);

    /// <summary>Waits, oldest first, until no more groups are under way than are to be left. Counts what was taken and keeps the first failure.</summary>
    private async Task SettleAsync(int mostLeft)
    {
        while (_underWay.Count > mostLeft)
        {
            var group = _underWay.Dequeue();
            try
            {
                var receipt = await group.Ingesting;
                metrics.Ingested(receipt);
                Receipt = new IngestReceipt(
                    Receipt.Accepted + receipt.Accepted,
                    Receipt.Duplicates + receipt.Duplicates,
                    Receipt.Dropped + receipt.Dropped,
                    Math.Max(Receipt.ProfileVersion, receipt.ProfileVersion));

                foreach (var refused in receipt.Rejected)
                {
                    Reject(group.Lines[refused.Index], refused.Problem);
                }

                // Behind a failure groups may be fine, but a sender goes on at the first hole; sending again what was taken does no harm.
                NextLine = _failure is null ? group.EndLine : NextLine;
            }
#pragma warning disable CA1031 // It is thrown again when the groups behind it are settled.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failure ??= exception;
            }
        }
    }

    private void Take(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            Take(line.FirstSpan);
            return;
        }

        var joined = ArrayPool<byte>.Shared.Rent((int)line.Length);
        line.CopyTo(joined);
        Take(joined.AsSpan(0, (int)line.Length));
        ArrayPool<byte>.Shared.Return(joined);
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        var index = _line++;
        if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return;
        }

        if (EventBatchReader.ReadOne(line, _receivedAt, out var problem, signalled, personalizer.Configuration.Plan.Schemas) is { } read)
        {
            if (isAutomated)
            {
                read.MarkAutomated();
            }

            _events.Add(read);
            _lines.Add(index);
        }
        else
        {
            Reject(index, problem!, line);
        }
    }

    private void Reject(int line, Problem problem, ReadOnlySpan<byte> text = default)
    {
        RejectedCount++;
        metrics.Rejected(1);
        if (_unkept.Count < MostUnkept)
        {
            _unkept.Add(new RejectedEvent(line, problem) { Text = text.ToArray() });
        }

        if (_rejected.Count < MostRejectedTold)
        {
            _rejected.Add(new RejectedEvent(line, problem));
        }
    }

    /// <summary>Cuts the next line off; false where more must arrive first. Of lines that are too long only the end is awaited.</summary>
    private bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isCompleted, out ReadOnlySequence<byte> line)
    {
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            if (_isSkipping)
            {
                _isSkipping = false;
            }
            else if (line.Length > EventLimits.BatchBytes)
            {
                RejectTooLong();
            }
            else
            {
                return true;
            }
        }

        line = rest;
        if (_isSkipping || rest.Length > EventLimits.BatchBytes)
        {
            if (!_isSkipping)
            {
                RejectTooLong();
                _isSkipping = true;
            }

            rest = rest.Slice(rest.End);
            return false;
        }

        if (!isCompleted || rest.IsEmpty)
        {
            return false;
        }

        rest = rest.Slice(rest.End);
        return true;
    }

    private void RejectTooLong() =>
        Reject(_line++, new Problem("", "too_long", $"A line has at most {EventLimits.BatchBytes} bytes."));

    /// <summary>Events that were handed over together.</summary>
    /// <param name="Ingesting">What becomes of them.</param>
    /// <param name="Lines">The line of each of them.</param>
    /// <param name="EndLine">The line behind the last of them.</param>
    private readonly record struct Group(Task<IngestReceipt> Ingesting, List<int> Lines, int EndLine);
}
