namespace Personalization.Node.Tests.Segments;

/// <summary>A clock that stands until it is set; what is measured with it still takes the time it takes.</summary>
internal sealed class SettableTime : TimeProvider
{
    private long _now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 3_600_000 * 3_600_000;

    public DateTimeOffset Now => GetUtcNow();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _now));

    public void Pass(TimeSpan time) => Interlocked.Add(ref _now, (long)time.TotalMilliseconds);
}
