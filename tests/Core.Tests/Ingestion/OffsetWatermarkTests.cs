using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Ingestion;

namespace Personalization.Core.Tests.Ingestion;

public sealed class OffsetWatermarkTests
{
    [Fact]
    public void A_new_watermark_stands_at_its_start()
    {
        var watermark = new OffsetWatermark(41, 2);

        Assert.Equal((41, 41, 41, 0), (watermark.Next, watermark.AppliedNext, watermark.DurableNext, watermark.Open));
    }

    [Fact]
    public void A_record_is_durable_only_after_its_lane_says_so()
    {
        var watermark = Seen(1, 0, 1, 2);
        watermark.Apply(0);
        watermark.Apply(1);
        Assert.Equal((2, 0), (watermark.AppliedNext, watermark.DurableNext));

        watermark.MakeDurable(0, 0);
        Assert.Equal((2, 1), (watermark.AppliedNext, watermark.DurableNext));
    }

    [Fact]
    public void An_unfinished_record_holds_back_everything_beyond_it()
    {
        var watermark = Seen(1, 0, 1, 2, 3);
        watermark.Apply(0);
        watermark.Apply(2);
        watermark.Apply(3);
        watermark.MakeDurable(0, 3);
        Assert.Equal((1, 1), (watermark.AppliedNext, watermark.DurableNext));

        watermark.Apply(1);
        Assert.Equal((4, 4), (watermark.AppliedNext, watermark.DurableNext));
    }

    [Fact]
    public void A_lane_behind_holds_back_the_lanes_ahead()
    {
        var watermark = new OffsetWatermark(0, 2);
        watermark.Begin(0, 0);
        watermark.Begin(1, 1);
        watermark.Begin(2, 0);
        foreach (var offset in new[] { 0, 1, 2 })
        {
            watermark.Apply(offset);
        }

        watermark.MakeDurable(0, 2);
        Assert.Equal(1, watermark.DurableNext);
        Assert.True(watermark.TryGetUndurable(out var waiting, out var lane));
        Assert.Equal((1, 1), (waiting, lane));

        watermark.MakeDurable(1, 1);
        Assert.Equal(3, watermark.DurableNext);
        Assert.False(watermark.TryGetUndurable(out _, out _));
    }

    [Fact]
    public void A_lane_without_open_records_holds_nothing_back()
    {
        var watermark = new OffsetWatermark(0, 8);
        watermark.Begin(0, 3);
        watermark.Apply(0);
        watermark.MakeDurable(3, 0);

        Assert.Equal(1, watermark.DurableNext);
    }

    [Fact]
    public void Holes_in_offsets_are_normal_and_positions_come_from_records_seen()
    {
        var watermark = Seen(1, 10, 17, 1_000_000_000_000);
        watermark.Apply(10);
        watermark.MakeDurable(0, 10);
        Assert.Equal(11, watermark.DurableNext);

        watermark.Apply(17);
        watermark.MakeDurable(0, 17);
        Assert.Equal(18, watermark.DurableNext);

        watermark.Apply(1_000_000_000_000);
        watermark.MakeDurable(0, 1_000_000_000_000);
        Assert.Equal((1_000_000_000_001, 0), (watermark.DurableNext, watermark.Open));
    }

    [Fact]
    public void Offsets_inside_a_hole_are_no_records()
    {
        var watermark = Seen(1, 10, 20);
        watermark.Apply(15);
        watermark.Settle(15);

        Assert.Equal((0, 2), (watermark.AppliedNext, watermark.Open));
    }

    [Fact]
    public void A_settled_record_needs_no_lane()
    {
        var watermark = Seen(1, 0, 1);
        watermark.Settle(0);
        Assert.Equal((1, 1), (watermark.AppliedNext, watermark.DurableNext));
    }

    [Fact]
    public void A_lanes_word_from_an_earlier_life_does_not_carry_records_it_has_yet_to_take()
    {
        var watermark = new OffsetWatermark(5, 1);
        watermark.MakeDurable(0, 100);
        watermark.Begin(5, 0);
        Assert.Equal(5, watermark.DurableNext);

        watermark.Apply(5);
        Assert.Equal(6, watermark.DurableNext);
    }

    [Fact]
    public void A_lower_word_of_a_lane_takes_nothing_back()
    {
        var watermark = Seen(1, 0, 1);
        watermark.Apply(0);
        watermark.Apply(1);
        watermark.MakeDurable(0, 1);
        watermark.MakeDurable(0, 0);

        Assert.Equal((2, 1), (watermark.DurableNext, watermark.DurableThrough(0)));
    }

    [Fact]
    public void Applying_twice_or_late_is_no_fault()
    {
        var watermark = Seen(1, 0, 1);
        watermark.Apply(0);
        watermark.Apply(0);
        watermark.MakeDurable(0, 0);
        watermark.Apply(0);
        watermark.Settle(0);

        Assert.Equal((1, 1, 1), (watermark.AppliedNext, watermark.DurableNext, watermark.Open));
    }

    [Fact]
    public void An_offset_that_was_passed_can_not_begin_again()
    {
        var watermark = Seen(1, 7);

        Assert.Throws<ArgumentOutOfRangeException>(() => watermark.Begin(7, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => watermark.Begin(6, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => watermark.Begin(8, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => watermark.Begin(8, -1));
    }

    [Fact]
    public void It_holds_more_records_than_it_has_room_for_at_first()
    {
        var watermark = new OffsetWatermark(0, 1);
        for (var offset = 0; offset < 10_000; offset++)
        {
            watermark.Begin(offset, 0);
            if (offset % 3 == 0)
            {
                watermark.Apply(offset / 3);
                watermark.MakeDurable(0, offset / 3);
            }
        }

        Assert.Equal((3_334, 6_666), (watermark.DurableNext, watermark.Open));
    }

    // A model that remembers everything, against the ring: any order of finishing, any holes, any number of lanes.
    [Fact]
    public void It_agrees_with_a_model_that_remembers_everything()
    {
        var steps = Gen.Choose(0, 9).Two().Select(pair => (What: pair.Item1, Which: pair.Item2)).ArrayOf();
        Prop.ForAll(steps.ToArbitrary(), script =>
        {
            var watermark = new OffsetWatermark(3, 3);
            var seen = new SortedDictionary<long, (int Lane, bool Applied, bool Settled)>();
            var durable = new long[] { -1, -1, -1 };
            foreach (var (what, which) in script)
            {
                var before = (watermark.AppliedNext, watermark.DurableNext);
                var known = seen.Count == 0 ? -1 : seen.Keys.ElementAt(which * seen.Count / 10);
                switch (what)
                {
                    case < 4:
                        var offset = watermark.Next + (which % 3);
                        watermark.Begin(offset, which % 3);
                        seen[offset] = (which % 3, false, false);
                        break;
                    case < 7 when known >= 0:
                        watermark.Apply(known);
                        seen[known] = seen[known] with { Applied = true };
                        break;
                    case 7 when known >= 0:
                        watermark.Settle(known);
                        seen[known] = seen[known] with { Applied = true, Settled = true };
                        break;
                    case > 7 when known >= 0:
                        watermark.MakeDurable(which % 3, known);
                        durable[which % 3] = Math.Max(durable[which % 3], known);
                        break;
                }

                var applied = seen.TakeWhile(record => record.Value.Applied).Select(record => record.Key + 1).LastOrDefault(3);
                var safe = seen.TakeWhile(record => record.Value.Applied && (record.Value.Settled || durable[record.Value.Lane] >= record.Key))
                    .Select(record => record.Key + 1).LastOrDefault(3);
                Assert.Equal((applied, safe), (watermark.AppliedNext, watermark.DurableNext));
                Assert.True(watermark.AppliedNext >= before.AppliedNext && watermark.DurableNext >= before.DurableNext);
                Assert.Equal(seen.Keys.Count(key => key >= safe), watermark.Open);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static OffsetWatermark Seen(int lanes, params long[] offsets)
    {
        var watermark = new OffsetWatermark(0, lanes);
        foreach (var offset in offsets)
        {
            watermark.Begin(offset, 0);
        }

        return watermark;
    }
}
