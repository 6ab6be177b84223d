using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Recommend;

namespace Personalization.Core.Tests.Recommend;

public sealed class DecayedSumTests
{
    private const double Week = 7 * 86_400;

    private static readonly Gen<DecayedSum> Sums =
        from value in Gen.Choose(0, 1_000_000).Select(millionths => millionths / 1e3)
        from at in Gen.Choose(0, 60 * 86_400)
        select new DecayedSum(value, 1_700_000_000 + at);

    [Fact]
    public void A_sum_halves_with_every_half_life()
    {
        var sum = new DecayedSum(12, 1_000_000);

        Assert.Equal(12, sum.ValueAt(1_000_000, Week));
        Assert.Equal(6, sum.ValueAt(1_000_000 + (7 * 86_400), Week));
        Assert.Equal(3, sum.ValueAt(1_000_000 + (14 * 86_400), Week));
        Assert.Equal(24, sum.ValueAt(1_000_000 - (7 * 86_400), Week));
        Assert.Equal(12 / Math.Sqrt(2), sum.ValueAt(1_000_000 + (7 * 43_200), Week), 1e-12);
    }

    [Fact]
    public void Adding_brings_both_to_the_later_time()
    {
        var early = new DecayedSum(8, 0);
        var late = new DecayedSum(1, 14 * 86_400);

        Assert.Equal(new DecayedSum(3, 14 * 86_400), early.Plus(late, Week));
        Assert.Equal(new DecayedSum(3, 14 * 86_400), late.Plus(early, Week));
        Assert.Equal(early, default(DecayedSum).Plus(early, Week));
        Assert.Equal(8, early.Plus(default, Week).ValueAt(0, Week));
    }

    [Fact]
    public void Adding_is_commutative_and_associative_up_to_rounding() => Prop
        .ForAll(Sums.ListOf(5).ToArbitrary(), sums =>
        {
            const long end = 1_700_000_000 + (60 * 86_400);
            double Folded(IEnumerable<DecayedSum> order) =>
                order.Aggregate(default(DecayedSum), (all, one) => all.Plus(one, Week)).ValueAt(end, Week);

            var expected = sums.Sum(sum => sum.Value * Math.Pow(2, -(end - sum.At) / Week));
            var pairs = sums[0].Plus(sums[1], Week).Plus(sums[2].Plus(sums[3], Week), Week).Plus(sums[4], Week).ValueAt(end, Week);
            return new[] { Folded(sums), Folded(sums.AsEnumerable().Reverse()), Folded(sums.OrderBy(sum => sum.At)), pairs }
                .All(value => Math.Abs(value - expected) <= 1e-9 * expected);
        })
        .Check(Config.QuickThrowOnFailure.WithReplay(3, 5).WithMaxTest(500));

    [Fact]
    public void What_is_too_old_to_matter_matters_nothing()
    {
        var sum = new DecayedSum(1e6, 0).Plus(new DecayedSum(2, 1_777_852_800), HalfLives.Trend);

        Assert.Equal(new DecayedSum(2, 1_777_852_800), sum);
    }
}
