using System.Buffers;

namespace Personalization.Core.Recommend;

/// <summary>What the recommenders know of one item: how popular it is, how that changes, and where people go from it.</summary>
/// <remarks>One writer; any number of readers of <see cref="Successors"/>.</remarks>
public sealed class ItemStatistics
{
    /// <summary>The most successors counted; the least likely give way.</summary>
    public const int MostSuccessors = 512;

    /// <summary>How many of the likeliest successors readers are given.</summary>
    public const int TopSuccessors = 64;

    /// <summary>The version of the form that <see cref="Write"/> writes. Raised with every change that an older program could not read.</summary>
    public const byte CodecVersion = 1;

    private readonly Lock _writing = new();
    private readonly Dictionary<int, DecayedSum> _next = [];
    private volatile Successor[]? _top = [];
    private DecayedSum _popularity;
    private DecayedSum _trend;

    /// <summary>Makes the statistics of an item nothing is known of.</summary>
    public ItemStatistics(int item) => Item = item;

    /// <summary>Gets the item's number in the <see cref="Vocabulary"/>.</summary>
    public int Item { get; }

    internal DecayedSum Popularity => _popularity;

    internal DecayedSum Trend => _trend;

    /// <summary>Gives the likeliest next items, likeliest first; equal ones by id, so that every node answers alike.</summary>
    public ReadOnlySpan<Successor> Successors(Vocabulary words)
    {
        return _top ?? Rank();

        Successor[] Rank()
        {
            lock (_writing)
            {
                return _top ??= Ranked(words);
            }
        }
    }

    internal void Merge(ItemDelta delta)
    {
        lock (_writing)
        {
            _popularity = _popularity.Plus(delta.Popularity, HalfLives.Popularity);
            _trend = _trend.Plus(delta.Trend, HalfLives.Trend);
            if (delta.Next.Count == 0)
            {
                return;
            }

            foreach (var (item, count) in delta.Next)
            {
                _next[item] = _next.GetValueOrDefault(item).Plus(count, HalfLives.Transitions);
            }

            if (_next.Count > MostSuccessors * 5 / 4)
            {
                Prune();
            }

            _top = null;
        }
    }

    /// <summary>Writes what is known, without the item's id.</summary>
    public void Write(IBufferWriter<byte> output, Vocabulary words)
    {
        lock (_writing)
        {
            output.WriteByte(CodecVersion);
            Write(output, _popularity);
            Write(output, _trend);
            output.WriteNumber(_next.Count);
            foreach (var (item, count) in _next.OrderBy(entry => words[entry.Key], StringComparer.Ordinal))
            {
                output.WriteText(words[item]);
                Write(output, count);
            }
        }

        static void Write(IBufferWriter<byte> output, DecayedSum sum)
        {
            output.WriteDouble(sum.Value);
            output.WriteNumber(sum.At);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no statistics, or were written by a newer version of the program.</exception>
    public static ItemStatistics Read(int item, ReadOnlySpan<byte> bytes, Vocabulary words)
    {
        var reader = new BytesReader(bytes);
        var version = reader.ReadByte();
        if (version != CodecVersion)
        {
            throw new InvalidDataException($"The item statistics have version {version}; this program reads version {CodecVersion}.");
        }

        var read = new ItemStatistics(item)
        {
            _popularity = new DecayedSum(reader.ReadDouble(), reader.ReadNumber()),
            _trend = new DecayedSum(reader.ReadDouble(), reader.ReadNumber()),
        };
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var next = words.Number(reader.ReadRequiredText());
            var count = new DecayedSum(reader.ReadDouble(), reader.ReadNumber());
            if (next >= 0)
            {
                read._next[next] = count;
            }
        }

        read._top = null;
        return read;
    }

    private Successor[] Ranked(Vocabulary words)
    {
        if (_next.Count == 0)
        {
            return [];
        }

        var now = Latest();
        var ranked = new Successor[_next.Count];
        var length = 0;
        foreach (var (item, count) in _next)
        {
            ranked[length++] = new Successor(item, count.ValueAt(now, HalfLives.Transitions));
        }

        Array.Sort(ranked, (left, right) => left.Probability != right.Probability
            ? right.Probability.CompareTo(left.Probability)
            : string.CompareOrdinal(words[left.Item], words[right.Item]));

        // Summed in this order, which is the same everywhere, the last bits are too.
        var all = ranked.Sum(successor => successor.Probability);
        var top = ranked.AsSpan(0, Math.Min(TopSuccessors, length)).ToArray();
        for (var i = 0; i < top.Length; i++)
        {
            top[i] = top[i] with { Probability = top[i].Probability / all };
        }

        return top;
    }

    private void Prune()
    {
        var now = Latest();
        var weakest = _next
            .OrderByDescending(entry => entry.Value.ValueAt(now, HalfLives.Transitions))
            .Skip(MostSuccessors)
            .Select(entry => entry.Key)
            .ToArray();
        foreach (var item in weakest)
        {
            _next.Remove(item);
        }
    }

    private long Latest()
    {
        long latest = 0;
        foreach (var count in _next.Values)
        {
            latest = Math.Max(latest, count.At);
        }

        return latest;
    }
}
