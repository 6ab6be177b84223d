namespace Personalization.Silo.Lanes;

/// <summary>Which events of a lane were folded and are not durable yet, so that each is counted once however often it comes.</summary>
internal sealed class LaneTally
{
    private readonly List<long> _offsets = [];
    private long _last = -1;

    /// <summary>Takes in an event that was folded. One at or below the last is one that came again.</summary>
    public void Add(long offset)
    {
        if (offset > _last)
        {
            _last = offset;
            _offsets.Add(offset);
        }
    }

    /// <summary>Tells how many events lie after one offset and up to another.</summary>
    public int Between(long after, long through) => Math.Max(0, UpTo(through) - UpTo(after));

    /// <summary>Forgets events that are durable.</summary>
    public void Drop(long through) => _offsets.RemoveRange(0, UpTo(through));

    private int UpTo(long offset)
    {
        var at = _offsets.BinarySearch(offset);
        return at >= 0 ? at + 1 : ~at;
    }
}
