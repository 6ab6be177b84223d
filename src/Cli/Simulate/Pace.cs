namespace Personalization.Cli.Simulate;

/// <summary>Holds back what would come faster than a rate. Safe for any number of threads.</summary>
/// <param name="perSecond">The rate; infinity holds nothing back.</param>
/// <param name="time">The clock.</param>
internal sealed class Pace(double perSecond, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _count;

    /// <summary>Waits for the turn of the next few things.</summary>
    public Task WaitAsync(int count, CancellationToken ct)
    {
        var before = Interlocked.Add(ref _count, count) - count;
        var wait = TimeSpan.FromSeconds(before / perSecond) - time.GetElapsedTime(_started);
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, ct) : Task.CompletedTask;
    }
}
