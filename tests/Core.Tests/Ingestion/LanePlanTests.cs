using System.Text;
using Personalization.Core.Ingestion;

namespace Personalization.Core.Tests.Ingestion;

public sealed class LanePlanTests
{
    // draft-eastlake-fnv-17, appendix C: FNV-1a, 32 bits, without the trailing zero.
    [Theory]
    [InlineData("", 0x811c9dc5)]
    [InlineData("a", 0xe40c292c)]
    [InlineData("foobar", 0xbf9cf968)]
    public void The_first_half_of_the_hash_is_FNV_1a(string text, uint hash) =>
        Assert.Equal(hash, LanePlan.Fnv1a(Encoding.ASCII.GetBytes(text)));

    // MurmurHash3_x86_32 of the empty input is fmix32 of its seed; these three are the vectors commonly published for it.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0x514e28b7)]
    [InlineData(0xffffffff, 0x81f16f39)]
    public void The_second_half_of_the_hash_is_the_finaliser_of_MurmurHash3(uint seed, uint hash) => Assert.Equal(hash, LanePlan.Mix(seed));

    // Computed by the formula of the documentation in another language (Python).
    [Theory]
    [InlineData("anna", 5, 5, 13)]
    [InlineData("bob", 6, 10, 22)]
    [InlineData("u-1", 1, 1, 25)]
    [InlineData("u-2", 7, 11, 31)]
    [InlineData("Žofie", 4, 8, 44)]
    [InlineData("日本", 7, 3, 31)]
    public void A_person_has_the_lane_that_the_documented_formula_gives(string person, int of8, int of12, int of64)
    {
        Assert.Equal(0, new LanePlan(1).LaneOf(person));
        Assert.Equal(of8, new LanePlan(8).LaneOf(person));
        Assert.Equal(of12, new LanePlan(12).LaneOf(person));
        Assert.Equal(of64, new LanePlan(64).LaneOf(person));
    }

    [Fact]
    public void The_id_as_text_and_as_the_key_of_a_record_have_one_lane()
    {
        var plan = new LanePlan(64);
        foreach (var person in new[] { "anna", "Žofie", "日本", new string('é', 256), new string('x', 5_000) })
        {
            Assert.Equal(plan.LaneOf(person), plan.LaneOf(Encoding.UTF8.GetBytes(person)));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(64)]
    public void People_spread_evenly_over_lanes(int lanes)
    {
        const int people = 64_000;
        var plan = new LanePlan(lanes);
        var counts = new int[lanes];
        for (var i = 0; i < people; i++)
        {
            counts[plan.LaneOf($"person-{i}")]++;
        }

        // Binomial: six standard deviations to either side.
        var expected = (double)people / lanes;
        Assert.All(counts, count => Assert.InRange(count, expected - (6 * Math.Sqrt(expected)), expected + (6 * Math.Sqrt(expected))));
    }

    [Fact]
    public void The_default_plan_has_one_lane()
    {
        Assert.Equal(1, default(LanePlan).Lanes);
        Assert.Equal(0, default(LanePlan).LaneOf("anna"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65)]
    public void A_count_of_lanes_outside_of_1_to_64_is_refused(int lanes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanePlan(lanes));
}
