using Personalization.Core.Events;
using static Personalization.Core.Tests.Events.Happened;

namespace Personalization.Core.Tests.Segments;

/// <summary>Who is in a segment changes by itself as time passes, at moments that can be foreseen.</summary>
public sealed class SegmentTimeTests
{
    private const long Minute = 60_000;
    private const long Day = 86_400_000;

    [Fact]
    public void A_window_lets_go_of_an_event_at_the_foreseen_moment_and_not_a_millisecond_before()
    {
        var clock = new SegmentClock(("eager", """{"events.view.1m":{"$gte":2}}"""));
        clock.Folding.Fold(EventTypes.View, Monday);
        clock.Folding.Fold(EventTypes.View, Monday + 20_000);
        Assert.Equal(["+eager"], clock.AskAt(Monday + 20_000));

        // The first view's pane is 0 to 5 s, which the window that began 60 s ago leaves as soon as it begins inside it.
        var flip = clock.NextFlip(Monday + 20_000);

        Assert.Equal(Monday + Minute, flip);
        Assert.Empty(clock.AskAt(flip - 1));
        Assert.Equal(["-eager"], clock.AskAt(flip));
    }

    [Fact]
    public void The_end_of_a_session_is_foreseen()
    {
        var clock = new SegmentClock(("here", """{"session.active":true}"""));
        clock.Folding.Fold(EventTypes.View, Monday);
        Assert.Equal(["+here"], clock.AskAt(Monday));

        Assert.Equal(Monday + (30 * Minute), clock.NextFlip(Monday));
        Assert.Equal(["-here"], clock.AskAt(Monday + (30 * Minute)));
        Assert.Equal(long.MaxValue, clock.NextFlip(Monday + (30 * Minute)));
    }

    [Theory]
    [InlineData("$gte", 0)]
    [InlineData("$gt", 1)]
    public void An_age_is_reached_on_the_day_it_is_compared_with(string comparison, int late)
    {
        var clock = new SegmentClock(("old", $$"""{"$or":[{"profile.ageDays":{"{{comparison}}":7} }]}"""));
        clock.Folding.Fold(EventTypes.View, Monday);
        Assert.Empty(clock.AskAt(Monday));

        Assert.Equal(Monday + (7 * Day) + late, clock.NextFlip(Monday));
        Assert.Equal(["+old"], clock.AskAt(Monday + (7 * Day) + late));
    }

    [Fact]
    public void Minutes_of_a_session_are_reached_while_nothing_happens()
    {
        var clock = new SegmentClock(("long", """{"session.minutes":{"$gte":10}}"""));
        clock.Folding.Fold(EventTypes.View, Monday);
        Assert.Empty(clock.AskAt(Monday));

        Assert.Equal(Monday + (10 * Minute), clock.NextFlip(Monday));
        Assert.Equal(["+long"], clock.AskAt(Monday + (10 * Minute)));
        Assert.Equal(Monday + (30 * Minute), clock.NextFlip(Monday + (10 * Minute)));
    }

    [Fact]
    public void A_segment_of_a_segment_follows_the_same_time()
    {
        var clock = new SegmentClock(
            ("eager", """{"events.view.5m":{"$gte":1}}"""),
            ("not-eager", """{"segments.eager":false}"""));
        clock.Folding.Fold(EventTypes.View, Monday);
        Assert.Equal(["+eager"], clock.AskAt(Monday));

        Assert.Equal(["-eager", "+not-eager"], clock.AskAt(clock.NextFlip(Monday)));
    }

    [Fact]
    public void What_no_time_can_change_is_never_due()
    {
        var clock = new SegmentClock(
            ("buyer", """{"events.purchase.total":{"$gte":1}}"""),
            ("shoes", """{"affinity.category.shoes":{"$gte":0.5}}"""),
            ("page", """{"page.path":"/sale"}"""));
        clock.Folding.Fold(EventTypes.Purchase, Monday, category: "shoes");
        Assert.Equal(["+buyer", "+shoes"], clock.AskAt(Monday));

        Assert.Equal(long.MaxValue, clock.NextFlip(Monday));
    }

    [Fact]
    public void Between_the_moments_foreseen_no_answer_ever_changes()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var clock = new SegmentClock(
                ("a", """{"events.view.1m":{"$gte":2}}"""),
                ("b", """{"events.view.5m":{"$lt":3},"events.click.1m":{"$gte":1}}"""),
                ("c", """{"$or":[{"session.minutes":{"$gt":3}},{"events.click.5m":2}]}"""),
                ("d", """{"session.active":false}"""),
                ("e", """{"profile.ageDays":{"$gte":0.01,"$lt":0.02}}"""),
                ("f", """{"segments.a":false,"events.view.1h":{"$gte":1}}"""));
            for (var i = 0; i < 12; i++)
            {
                clock.Folding.Fold(random.Next(2) == 0 ? EventTypes.View : EventTypes.Click, Monday + random.Next(200_000), receivedAt: Monday + 200_000);
            }

            var now = Monday + 200_000;
            clock.AskAt(now);
            var due = clock.Active.NextLook(clock.Profile, now);
            for (var later = now; later < now + (70 * Minute); later += 250)
            {
                if (later >= due)
                {
                    clock.AskAt(due);
                    due = clock.Active.NextLook(clock.Profile, due);
                    later -= 250;
                    continue;
                }

                Assert.True(clock.AskAt(later) is [], $"Something changed {later - now} ms later, before it was due (seed {seed}).");
            }
        }
    }
}
