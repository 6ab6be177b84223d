using System.Globalization;
using Personalization.Core.Experiments;

namespace Personalization.Core.Tests.Experiments;

public sealed class BucketingTests
{
    [Fact]
    public void People_fall_evenly_over_the_unit_interval()
    {
        var tenths = new int[10];
        for (var person = 0; person < 100_000; person++)
        {
            tenths[(int)(BucketHash.Compute("checkout", person.ToString(CultureInfo.InvariantCulture), 2)!.Value * 10)]++;
        }

        // Five standard deviations of a binomial with n = 100 000, p = 0.1.
        Assert.All(tenths, count => Assert.InRange(count, 10_000 - 475, 10_000 + 475));
    }

    [Fact]
    public void A_person_who_is_in_keeps_the_variation_while_coverage_grows()
    {
        double[] weights = [0.2, 0.3, 0.5];
        var narrow = Bucketing.Ranges(3, 0.1, weights);
        var wide = Bucketing.Ranges(3, 0.7, weights);

        for (var point = 0; point < 10_000; point++)
        {
            var before = Bucketing.ChooseVariation(point / 10_000.0, narrow);
            Assert.True(before == -1 || before == Bucketing.ChooseVariation(point / 10_000.0, wide));
        }
    }

    [Fact]
    public void Disjoint_shares_of_a_namespace_never_hold_one_person_twice()
    {
        var first = new BucketNamespace("pricing", new(0, 0.3));
        var second = new BucketNamespace("pricing", new(0.3, 1));

        for (var person = 0; person < 1_000; person++)
        {
            var id = person.ToString(CultureInfo.InvariantCulture);
            Assert.NotEqual(first.Contains(id), second.Contains(id));
        }
    }

    [Fact]
    public void Not_a_number_is_no_coverage_and_no_weight()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bucketing.Ranges(2, double.NaN));
        Assert.Equal(Bucketing.Ranges(2), Bucketing.Ranges(2, 1, [double.NaN, 0.5]));
        Assert.Equal(-1, Bucketing.ChooseVariation(double.NaN, Bucketing.Ranges(2)));
    }

    [Fact]
    public void Assigning_a_person_allocates_nothing()
    {
        var ranges = Bucketing.Ranges(3);
        var share = new BucketNamespace("pricing", new(0, 1));
        var chosen = Assign();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            chosen += Assign();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(chosen >= 0);

        int Assign() =>
            share.Contains("person-1") ? Bucketing.ChooseVariation(BucketHash.Compute("checkout", "person-1", 2)!.Value, ranges) : -1;
    }
}
