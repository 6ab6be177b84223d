using Personalization.Cli.Events;
using Personalization.Cli.Http;
using Personalization.Cli.Output;

namespace Personalization.Cli.Replay;

/// <summary>Feeds events to the server at a chosen speed, and shows how far it has come.</summary>
internal static class Replayer
{
    /// <summary>Sends all events and waits for every answer.</summary>
    /// <param name="events">The events; only roughly in order of time where <paramref name="speed"/> isn't the maximum.</param>
    /// <param name="fraction">Gives the share of the events that was read.</param>
    public static async Task<EventLanes> RunAsync(
        Terminal terminal,
        PersonalizationServer server,
        IEnumerable<OutgoingEvent> events,
        Func<double?> fraction,
        Speed speed,
        int concurrency,
        Rejections rejections,
        CancellationToken ct)
    {
        var lanes = new EventLanes(server, concurrency, rejections, ct);
        var feeding = Task.Run(() => FeedAsync(lanes, events, speed, terminal.Time, ct), ct);
        await ProgressReport.WatchAsync(terminal, "sending", "events", () => new(lanes.Answered, fraction()), feeding);
        return lanes;
    }

    private static async Task FeedAsync(
        EventLanes lanes, IEnumerable<OutgoingEvent> events, Speed speed, TimeProvider time, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        DateTimeOffset? first = null;
        try
        {
            foreach (var sent in events)
            {
                if (speed != Speed.Max && sent.Timestamp is { } timestamp)
                {
                    first ??= timestamp;
                    var wait = speed.WaitFor(timestamp - first.Value, time.GetElapsedTime(started));
                    if (wait > TimeSpan.Zero)
                    {
                        await Task.Delay(wait, time, ct);
                    }
                }

                await lanes.SendAsync(sent);
            }
        }
        catch
        {
            await lanes.AbortAsync();
            throw;
        }

        await lanes.CompleteAsync();
    }
}
