using System.Buffers;
using Personalization.Core.Conditions;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <summary>What a person's events contributed to one declared feature.</summary>
/// <remarks>
/// A sorted list of pairs of numbers. For a count, a sum, a least or a greatest: the panes of the window and what is in each. For
/// different ones: the fingerprints of the last <see cref="MostDistinct"/> and when each was there last, in seconds. For the latest: when it was, and the amount.
/// </remarks>
internal sealed class Accumulator(string feature, Accumulation how, byte window)
{
    /// <summary>The most different contributions told apart; those longest ago give way.</summary>
    public const int MostDistinct = 32;

    private (ulong Key, long Value)[] _entries = [];
    private int _length;
    private string? _word;

    public string Feature => feature;

    public Accumulation How => how;

    public byte Window => window;

    /// <summary>Gets when it was contributed to last, in seconds since the Unix epoch.</summary>
    public uint LastAt { get; private set; }

    private bool IsTotal => window >= Profiles.Window.All.Count;

    /// <summary>Puts accumulators in order: by feature, then by how they work.</summary>
    public static int Compare(Accumulator left, Accumulator right) => left.CompareTo(right.Feature, right.How, right.Window);

    public int CompareTo(string otherFeature, Accumulation otherHow, byte otherWindow)
    {
        var order = string.CompareOrdinal(feature, otherFeature);
        order = order == 0 ? how.CompareTo(otherHow) : order;
        return order == 0 ? window.CompareTo(otherWindow) : order;
    }

    /// <summary>Adds one contribution. Times are milliseconds since the Unix epoch.</summary>
    public void Add(in Contribution contribution, long timestamp, long receivedAt)
    {
        var at = (uint)Math.Min(timestamp / 1000, uint.MaxValue);
        LastAt = Math.Max(LastAt, at);
        switch (how)
        {
            case Accumulation.Last:
                PutLast(at, contribution.Amount, contribution.Word);
                break;
            case Accumulation.Distinct:
                Put(contribution.Word is { } word ? StableHash.Of(word) : (ulong)contribution.Amount, at, receivedAt);
                break;
            default:
                if (IsTotal || Pane(timestamp) > Oldest(receivedAt))
                {
                    Put(IsTotal ? 0 : (ulong)Pane(timestamp), contribution.Amount, receivedAt);
                }

                break;
        }
    }

    /// <summary>Gives the value at a time, in milliseconds since the Unix epoch; missing where the window holds nothing.</summary>
    public AttributeValue ValueAt(long now)
    {
        if (how == Accumulation.Last)
        {
            return _length == 0 || !Sees(_entries[0], now) ? AttributeValue.Missing
                : _word is not null ? AttributeValue.From(_word)
                : AttributeValue.From(_entries[0].Value / Contribution.Scale);
        }

        var count = 0;
        long value = 0;
        foreach (var entry in _entries.AsSpan(0, _length))
        {
            if (Sees(entry, now))
            {
                value = count++ == 0 ? entry.Value : Join(value, entry.Value);
            }
        }

        return count == 0 ? AttributeValue.Missing
            : how is Accumulation.Distinct ? AttributeValue.From((double)count)
            : AttributeValue.From(value / Contribution.Scale);
    }

    /// <summary>Takes over another person's of the same feature.</summary>
    public void Merge(Accumulator other, long receivedAt)
    {
        LastAt = Math.Max(LastAt, other.LastAt);
        foreach (var entry in other._entries.AsSpan(0, other._length))
        {
            if (!Sees(entry, receivedAt))
            {
                continue;
            }

            if (how == Accumulation.Last)
            {
                PutLast((uint)entry.Key, entry.Value, other._word);
            }
            else
            {
                Put(entry.Key, entry.Value, receivedAt);
            }
        }
    }

    /// <summary>Makes one of its own with the same in it.</summary>
    public Accumulator Copy() => new(feature, how, window) { LastAt = LastAt, _entries = [.. _entries.AsSpan(0, _length)], _length = _length, _word = _word };

    public void Write(IBufferWriter<byte> output, long receivedAt)
    {
        output.WriteText(feature);
        output.WriteByte((byte)how);
        output.WriteByte(window);
        output.WriteNumber(LastAt);
        var seen = 0;
        foreach (var entry in _entries.AsSpan(0, _length))
        {
            seen += Sees(entry, receivedAt) ? 1 : 0;
        }

        output.WriteText(seen == 0 ? null : _word);
        output.WriteNumber(seen);
        foreach (var entry in _entries.AsSpan(0, _length))
        {
            if (Sees(entry, receivedAt))
            {
                output.WriteNumber(entry.Key);
                output.WriteSigned(entry.Value);
            }
        }
    }

    public static Accumulator Read(ref BytesReader reader, Vocabulary words)
    {
        var name = reader.ReadRequiredText();
        var read = new Accumulator(words.Number(name) is >= 0 and var number ? words[number] : name, (Accumulation)reader.ReadByte(), reader.ReadByte())
        {
            LastAt = reader.ReadUInt32(),
            _word = reader.ReadText(),
            _entries = new (ulong, long)[reader.ReadCount()],
        };
        for (var i = 0; i < read._entries.Length; i++)
        {
            read._entries[i] = (reader.ReadUnsigned(), reader.ReadSigned());
        }

        read._length = read._entries.Length;
        return read;
    }

    private long Pane(long timestamp) => timestamp / 1000 / Profiles.Window.All[window].PaneSeconds;

    private long Oldest(long now)
    {
        var shape = Profiles.Window.All[window];
        return ((now / 1000) - shape.Seconds) / shape.PaneSeconds;
    }

    private bool Sees((ulong Key, long Value) entry, long now) => IsTotal || how switch
    {
        Accumulation.Distinct => entry.Value > (now / 1000) - Profiles.Window.All[window].Seconds,
        Accumulation.Last => (long)entry.Key > (now / 1000) - Profiles.Window.All[window].Seconds,
        _ => (long)entry.Key > Oldest(now),
    };

    private long Join(long left, long right) => how switch
    {
        Accumulation.Min => Math.Min(left, right),
        Accumulation.Max or Accumulation.Distinct => Math.Max(left, right),
        _ => (long)Int128.Clamp((Int128)left + right, long.MinValue, long.MaxValue),
    };

    private void PutLast(uint at, long amount, string? word)
    {
        // Of two at the same time the greater counts, whichever comes first.
        if (_length == 1 && (at, amount).CompareTo(((uint)_entries[0].Key, _entries[0].Value)) is var order
            && (order < 0 || (order == 0 && string.CompareOrdinal(word, _word) <= 0)))
        {
            return;
        }

        _entries = _length == 1 ? _entries : new (ulong, long)[1];
        _entries[0] = (at, amount);
        _word = word;
        _length = 1;
    }

    private void Put(ulong key, long value, long now)
    {
        var index = 0;
        while (index < _length && _entries[index].Key < key)
        {
            index++;
        }

        if (index < _length && _entries[index].Key == key)
        {
            _entries[index].Value = Join(_entries[index].Value, value);
            return;
        }

        if (_length == _entries.Length)
        {
            Forget(now);
            if (_length == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Max(2, _length * 2));
            }

            Put(key, value, now);
            return;
        }

        Array.Copy(_entries, index, _entries, index + 1, _length - index);
        _entries[index] = (key, value);
        _length++;
        if (how == Accumulation.Distinct && _length > MostDistinct)
        {
            ForgetOldest();
        }
    }

    private void Forget(long now)
    {
        var kept = 0;
        for (var i = 0; i < _length; i++)
        {
            if (Sees(_entries[i], now))
            {
                _entries[kept++] = _entries[i];
            }
        }

        _length = kept;
    }

    private void ForgetOldest()
    {
        var oldest = 0;
        for (var i = 1; i < _length; i++)
        {
            oldest = _entries[i].Value < _entries[oldest].Value ? i : oldest;
        }

        Array.Copy(_entries, oldest + 1, _entries, oldest, _length - oldest - 1);
        _length--;
    }
}
