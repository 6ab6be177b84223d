using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

public sealed class AccumulatorTests
{
    private const long Now = Happened.Monday;
    private const long Day = 86_400_000;
    private const byte Total = 5;

    private static readonly Vocabulary Words = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_people_merge_alike_from_either_side_and_three_in_any_grouping(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var (a, b, c) = (Of(random), Of(random), Of(random));

            Assert.Equal(Bytes(Merged(a, b)), Bytes(Merged(b, a)));
            Assert.Equal(Bytes(Merged(Merged(a, b), c)), Bytes(Merged(a, Merged(b, c))));
            Assert.Equal(Bytes(a), Bytes(Merged(a, default)));
        }
    }

    [Fact]
    public void Different_words_are_counted_up_to_the_most_that_are_told_apart()
    {
        var set = default(AccumulatorSet);
        for (var i = 0; i < 100; i++)
        {
            set.Add(new Contribution("f", Accumulation.Distinct, Total, 0, $"word{i}"), Now + i, Now, Words);
        }

        Assert.Equal(Accumulator.MostDistinct, set.ValueAt("f", Accumulation.Distinct, Total, Now).Number);
    }

    [Fact]
    public void Sums_of_amounts_no_shop_has_stay_finite()
    {
        var set = default(AccumulatorSet);
        for (var i = 0; i < 20_000; i++)
        {
            set.Add(new Contribution("f", Accumulation.Sum, Total, Contribution.AmountOf(1e300), null), Now, Now, Words);
        }

        Assert.Equal(long.MaxValue / Contribution.Scale, set.ValueAt("f", Accumulation.Sum, Total, Now).Number);
    }

    [Fact]
    public void Of_too_many_features_the_one_contributed_to_longest_ago_gives_way()
    {
        var set = default(AccumulatorSet);
        for (var i = 0; i <= AccumulatorSet.Capacity; i++)
        {
            set.Add(new Contribution($"f{i}", Accumulation.Count, Total, 10_000, null), Now + (i * 1000), Now, Words);
        }

        Assert.True(set.ValueAt("f0", Accumulation.Count, Total, Now).IsNothing);
        Assert.Equal(1, set.ValueAt("f1", Accumulation.Count, Total, Now).Number);
    }

    private static AccumulatorSet Of(Random random)
    {
        var set = default(AccumulatorSet);
        for (var left = random.Next(60); left > 0; left--)
        {
            var how = (Accumulation)random.Next(6);
            var isWord = how is Accumulation.Last or Accumulation.Distinct && random.Next(2) == 0;
            set.Add(
                new Contribution(
                    $"f{random.Next(3)}", how, (byte)(3 + random.Next(3)), isWord ? 0 : random.Next(-50_000, 50_000), isWord ? $"w{random.Next(60)}" : null),
                Now - (random.Next(4) * Day) - random.Next(3_000), Now, Words);
        }

        return set;
    }

    private static AccumulatorSet Merged(AccumulatorSet left, AccumulatorSet right)
    {
        // Accumulators are shared by copies of the struct, so what is merged into is one of its own.
        var bytes = Bytes(left);
        var reader = new BytesReader(bytes);
        var merged = AccumulatorSet.Read(ref reader, Words);
        merged.Merge(right, Now);
        return merged;
    }

    private static byte[] Bytes(AccumulatorSet set)
    {
        var output = new ArrayBufferWriter<byte>();
        set.Write(output, Now);
        return output.WrittenSpan.ToArray();
    }
}
