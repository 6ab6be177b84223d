using System.Runtime.ExceptionServices;
using Personalization.Cli.Events;
using Personalization.Cli.Http;

namespace Personalization.Cli.Replay;

/// <summary>Sends events in parallel while each person's events keep their order.</summary>
/// <remarks>
/// A person always goes through the same lane. Where an event ties two ids of one person together (a login, an alias) and they
/// went through different lanes so far, the device moves to the login's lane once its own has answered everything.
/// Not thread-safe: one reader feeds it.
/// </remarks>
internal sealed class EventLanes
{
    private readonly Lane[] _lanes;
    private readonly Task[] _running;
    private readonly Rejections _rejections;
    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<string, int> _moved = new(StringComparer.Ordinal);
    private ExceptionDispatchInfo? _failure;
    private long _accepted;
    private long _duplicates;
    private long _answered;

    public EventLanes(PersonalizationServer server, int lanes, Rejections rejections, CancellationToken ct)
    {
        _rejections = rejections;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Lane(server, OnAnswer))];
        _running = [.. _lanes.Select(RunAsync)];
    }

    /// <summary>Gets how many events the server newly took.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Gets how many events the server already had.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>Gets how many events were answered in any way.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Queues an event; waits while its lane is full.</summary>
    public async ValueTask SendAsync(OutgoingEvent sent)
    {
        try
        {
            var lane = LaneOf(sent.Person);
            if (sent.AlsoKnownAs is { } other && LaneOf(other) != lane)
            {
                await _lanes[LaneOf(other)].DrainAsync(_stop.Token);
                _moved[other] = lane;
            }

            await _lanes[lane].AddAsync(sent, _stop.Token);
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            _failure.Throw();
        }
    }

    /// <summary>Waits until everything was answered. Nothing can be sent afterwards.</summary>
    public async Task CompleteAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Complete();
        }

        await Task.WhenAll(_running);
        _failure?.Throw();
        _stop.Token.ThrowIfCancellationRequested();
        _stop.Dispose();
    }

    /// <summary>Stops at once, because whoever feeds the lanes can't go on.</summary>
    public Task AbortAsync() => _stop.CancelAsync();

    private int LaneOf(string person) => _moved.TryGetValue(person, out var lane)
        ? lane
        : (int)((uint)string.GetHashCode(person, StringComparison.Ordinal) % (uint)_lanes.Length);

    private async Task RunAsync(Lane lane)
    {
        try
        {
            await lane.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Another lane failed, or the command was interrupted; whoever waits is told there.
        }
#pragma warning disable CA1031 // What one lane met is thrown to whoever feeds the lanes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            await _stop.CancelAsync();
        }
    }

    private void OnAnswer(IReadOnlyList<OutgoingEvent> batch, EventsAnswer answer)
    {
        Interlocked.Add(ref _accepted, answer.Accepted);
        Interlocked.Add(ref _duplicates, answer.Duplicates);
        Interlocked.Add(ref _answered, batch.Count);
        foreach (var rejected in answer.Rejected ?? [])
        {
            var line = rejected.Index >= 0 && rejected.Index < batch.Count ? batch[rejected.Index].Line : 0;
            var detail = string.IsNullOrEmpty(rejected.Path) ? rejected.Detail : $"{rejected.Path}: {rejected.Detail}";
            _rejections.Add(line, rejected.Code, detail);
        }
    }
}
