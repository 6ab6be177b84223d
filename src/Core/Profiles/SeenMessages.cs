namespace Personalization.Core.Profiles;

/// <summary>The fingerprints of a person's last <see cref="Capacity"/> messages, so that one sent again is not folded again.</summary>
/// <remarks>
/// 64 bits each: two different ids of one person meet by chance once in 10^16 messages. The capacity is twice a full batch, so a
/// whole batch may be sent again.
/// </remarks>
internal struct SeenMessages
{
    /// <summary>The most fingerprints kept; the oldest gives way.</summary>
    public const int Capacity = 1024;

    private ulong[]? _ring;
    private int _length;
    private int _next;

    /// <summary>Gets how many fingerprints are kept.</summary>
    public readonly int Length => _length;

    /// <summary>Remembers a message; false where it was seen before.</summary>
    public bool TryAdd(ulong fingerprint)
    {
        if (_ring.AsSpan(0, _length).Contains(fingerprint))
        {
            return false;
        }

        if (_length == Capacity)
        {
            _ring![_next] = fingerprint;
            _next = (_next + 1) % Capacity;
            return true;
        }

        if (_ring is null || _length == _ring.Length)
        {
            Array.Resize(ref _ring, _ring is null ? 4 : Math.Min(Capacity, (_ring.Length * 3 / 2) + 1));
        }

        _ring![_length++] = fingerprint;
        return true;
    }

    /// <summary>Remembers another's messages too. Where both are too many, the newest of each.</summary>
    public void Merge(SeenMessages other)
    {
        if (other._length == 0)
        {
            return;
        }

        var (mine, theirs) = (ToArray(), other.ToArray());
        var union = new HashSet<ulong>(mine.Length + theirs.Length);
        for (var i = 1; i <= Math.Max(mine.Length, theirs.Length) && union.Count < Capacity; i++)
        {
            if (i <= mine.Length)
            {
                union.Add(mine[^i]);
            }

            if (i <= theirs.Length && union.Count < Capacity)
            {
                union.Add(theirs[^i]);
            }
        }

        var newestFirst = union.ToArray();
        Array.Reverse(newestFirst);
        (_ring, _length, _next) = (newestFirst, newestFirst.Length, 0);
    }

    /// <summary>Copies the fingerprints, oldest first.</summary>
    public readonly ulong[] ToArray()
    {
        var all = new ulong[_length];
        for (var i = 0; i < _length; i++)
        {
            all[i] = _ring![(_next + i) % _length];
        }

        return all;
    }

    public static SeenMessages Of(ulong[] fingerprints) => new() { _ring = fingerprints, _length = fingerprints.Length };
}
