using Personalization.Grains.Profiles;

namespace Personalization.Grains.Segments;

/// <summary>Goes through those who are due, and through everybody, a slice at a time. Who is in what is found by their own grains.</summary>
internal sealed partial class SegmentKeeperGrain(ISegmentStore store, TimeProvider time, ILogger<SegmentKeeperGrain> logger) : Grain, ISegmentKeeperGrain
{
    private const int Slice = 500;
    private const int ClearedAtOnce = 2_000;

    // Calls under way at once: enough to keep other silos busy, too few to flood them.
    private const int MostCalls = 64;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // One that can't be asked now must not be in the way of the others.
    private static readonly TimeSpan Postponed = TimeSpan.FromMinutes(10);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(WorkAsync, new GrainTimerCreationOptions(Interval, Interval) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public ValueTask WakeAsync() => default;

    private async Task WorkAsync(CancellationToken cancellation)
    {
        try
        {
            await SweepAsync(cancellation);
            await BackfillAsync(cancellation);
            while (!cancellation.IsCancellationRequested && await store.ClearDeletedAsync(ClearedAtOnce))
            {
            }
        }
#pragma warning disable CA1031 // What was not done is still due, and is done the next time.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception);
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        IReadOnlyList<string> due;
        do
        {
            due = await store.ReadDueAsync(time.GetUtcNow().ToUnixTimeMilliseconds(), Slice);
            await ReviseAsync(due, revision: 0);
        }
        while (due.Count == Slice && !cancellation.IsCancellationRequested);
    }

    private async Task BackfillAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && await store.ReadBackfillAsync() is { } backfill)
        {
            var (people, next) = await store.ScanPeopleAsync(backfill.Cursor, Slice);
            await ReviseAsync(people, backfill.Revision);
            await store.WriteBackfillAsync(backfill.Revision, next);

            // Whom time moves is not to wait for everybody.
            await SweepAsync(cancellation);
        }
    }

    private async Task ReviseAsync(IReadOnlyList<string> people, long revision)
    {
        foreach (var some in people.Chunk(MostCalls))
        {
            await Task.WhenAll(some.Select(person => ReviseAsync(person, revision)));
        }
    }

    private async Task ReviseAsync(string person, long revision)
    {
        try
        {
            await GrainFactory.GetGrain<IUserProfileGrain>(person).ReviseAsync(revision);
        }
        catch (UnreadableProfileException)
        {
            await store.WriteAsync(person, [], (time.GetUtcNow() + Postponed).ToUnixTimeMilliseconds());
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who is in which segment could not be brought up to date; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
