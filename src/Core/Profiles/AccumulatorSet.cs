using System.Buffers;
using Personalization.Core.Conditions;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <summary>What a person's events contributed to the features that the configuration declares.</summary>
/// <remarks>
/// A feature that is declared anew with another window or another way starts afresh beside the old one, which nobody reads any more
/// and which gives way once there are more than <see cref="Capacity"/>. Short of that, merging is associative and commutative.
/// </remarks>
internal struct AccumulatorSet
{
    /// <summary>The most accumulators: twice as many as a configuration declares. The one contributed to longest ago gives way.</summary>
    public const int Capacity = 64;

    private Accumulator[]? _all;

    /// <summary>Adds what an event contributes. Times are milliseconds since the Unix epoch.</summary>
    public void Add(in Contribution contribution, long timestamp, long receivedAt, Vocabulary words)
    {
        var index = Find(contribution.Feature, contribution.How, contribution.Window);
        if (index < 0)
        {
            // A person's accumulators share the names with everybody's.
            var name = words.Number(contribution.Feature) is >= 0 and var number ? words[number] : contribution.Feature;
            var made = new Accumulator(name, contribution.How, contribution.Window);
            made.Add(contribution, timestamp, receivedAt);
            Insert(~index, made);
        }
        else
        {
            _all![index].Add(contribution, timestamp, receivedAt);
        }
    }

    /// <summary>Gives a feature's value at a time, in milliseconds since the Unix epoch; missing where there is none.</summary>
    public readonly AttributeValue ValueAt(string feature, Accumulation how, byte window, long now) =>
        Find(feature, how, window) is >= 0 and var index ? _all![index].ValueAt(now) : AttributeValue.Missing;

    /// <summary>Takes over another person's.</summary>
    public void Merge(in AccumulatorSet other, long receivedAt)
    {
        foreach (var theirs in other._all ?? [])
        {
            var index = Find(theirs.Feature, theirs.How, theirs.Window);
            if (index < 0)
            {
                Insert(~index, theirs.Copy());
            }
            else
            {
                _all![index].Merge(theirs, receivedAt);
            }
        }
    }

    public readonly void Write(IBufferWriter<byte> output, long receivedAt)
    {
        output.WriteNumber(_all?.Length ?? 0);
        foreach (var accumulator in _all ?? [])
        {
            accumulator.Write(output, receivedAt);
        }
    }

    public static AccumulatorSet Read(ref BytesReader reader, Vocabulary words)
    {
        var all = new Accumulator[reader.ReadCount()];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Accumulator.Read(ref reader, words);
        }

        return new AccumulatorSet { _all = all.Length == 0 ? null : all };
    }

    private readonly int Find(string feature, Accumulation how, byte window)
    {
        var (low, high) = (0, (_all?.Length ?? 0) - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _all![middle].CompareTo(feature, how, window);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private void Insert(int index, Accumulator made)
    {
        var all = _all ?? [];
        _all = [.. all.AsSpan(0, index), made, .. all.AsSpan(index)];
        if (_all.Length > Capacity)
        {
            var oldest = _all.MinBy(accumulator => accumulator.LastAt);
            _all = [.. _all.Where(accumulator => accumulator != oldest)];
        }
    }
}
