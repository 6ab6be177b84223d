namespace Personalization.Kafka.Reading;

/// <summary>How long to pause before the next try: a fifth of a second, then twice as long each time, up to a limit.</summary>
internal sealed class RetryDelay(TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private TimeSpan _next = First;

    /// <summary>Gets how often in a row something failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Gets whether this failure deserves a line: the first does, and every hundredth.</summary>
    public bool IsWorthALine => Failures % 100 == 1;

    public TimeSpan Fail()
    {
        var now = _next < longest ? _next : longest;
        _next = now * 2;
        Failures++;
        return now;
    }

    public void Succeed() => (_next, Failures) = (First, 0);
}
