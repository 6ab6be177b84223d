namespace Personalization.Node.Tests.Privacy;

/// <summary>The system's clock, some time ahead; timers run as they do.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ahead;

    public void Shift(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
}
