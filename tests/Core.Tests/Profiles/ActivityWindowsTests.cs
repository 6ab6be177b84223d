using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

public sealed class ActivityWindowsTests
{
    private const long Now = Happened.Monday;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_window_counts_as_a_naive_recount_does_but_for_the_pane_it_begins_in(int seed)
    {
        var random = new Random(seed);
        var folding = new Folding();
        var happened = new List<(string Type, long At)>();
        var now = Now;
        for (var i = 0; i < 3_000; i++)
        {
            now += (long)(1000 * Math.Pow(10, (random.NextDouble() * 6) - 1));
            var type = random.Next(2) == 0 ? "view" : "click";
            var at = now - (random.Next(4) == 0 ? (long)(1000 * Math.Pow(10, random.NextDouble() * 6.5)) : 0);
            folding.Fold(type, at, receivedAt: now);
            happened.Add((type, at));
            if (i % 500 == 250)
            {
                folding.WriteAndRead();
            }

            if (i % 10 == 0)
            {
                AssertBracketed("view", now + random.Next(4_000_000));
                AssertBracketed("click", now);
            }
        }

        void AssertBracketed(string type, long at)
        {
            for (var i = 0; i < Window.All.Count; i++)
            {
                var window = Window.All[i];
                // The profile's clock ticks in seconds.
                var second = at / 1000;
                long Naive(long from) => happened.Count(one => one.Type == type && one.At / 1000 > from && one.At / 1000 <= second);

                Assert.InRange(
                    folding.Profile.Count(type, i, at),
                    Naive(second - window.Seconds + window.PaneSeconds),
                    Naive(second - window.Seconds));
            }
        }
    }

    [Fact]
    public void An_event_leaves_each_window_within_a_pane_of_its_length()
    {
        var folding = new Folding();
        folding.Fold("view", Now);

        for (var i = 0; i < Window.All.Count; i++)
        {
            var window = Window.All[i];
            Assert.Equal(1, folding.Profile.Count("view", i, Now));
            Assert.Equal(1, folding.Profile.Count("view", i, Now + ((window.Seconds - window.PaneSeconds) * 1000L)));
            Assert.Equal(0, folding.Profile.Count("view", i, Now + (window.Seconds * 1000L)));
        }

        Assert.Equal(1, folding.Profile.Total("view"));
    }

    [Fact]
    public void The_windows_are_those_that_the_design_names()
    {
        Assert.Equal(
            [("1m", 60, 5), ("5m", 300, 30), ("1h", 3_600, 300), ("1d", 86_400, 3_600), ("30d", 30 * 86_400, 86_400)],
            Window.All.Select(window => (window.Name, window.Seconds, window.PaneSeconds)));
        Assert.Equal((2, -1), (Window.IndexOf("1h"), Window.IndexOf("2h")));
    }

    [Fact]
    public void A_late_event_is_counted_where_it_belongs_and_nowhere_else()
    {
        var folding = new Folding();
        folding.Fold("view", Now - (2 * 3_600_000), receivedAt: Now);

        Assert.Equal([0, 0, 0, 1, 1], Counts(folding, "view", Now));
        Assert.Equal([0, 0, 0, 1, 1], Counts(folding, "view", Now + (20 * 3_600_000)));
        Assert.Equal([0, 0, 0, 0, 1], Counts(folding, "view", Now + (22 * 3_600_000)));
    }

    [Fact]
    public void What_no_window_sees_any_more_is_dropped_and_what_one_sees_is_kept()
    {
        // A view in each of 400 days, at noon, and a click in the last hour of each.
        var folding = new Folding();
        for (var day = 0; day < 400; day++)
        {
            folding.Fold("view", Now + (day * 86_400_000L) + 43_200_000);
            folding.Fold("click", Now + (day * 86_400_000L) + 86_000_000);
        }

        var now = Now + (399 * 86_400_000L) + 86_000_000;
        Assert.Equal([0, 0, 0, 1, 30], Counts(folding, "view", now));
        Assert.Equal([1, 1, 1, 1, 30], Counts(folding, "click", now));
        Assert.Equal((400, 400), (folding.Profile.Total("view"), folding.Profile.Total("click")));
        Assert.InRange(folding.Bytes().Length, 0, 10_000);
    }

    [Fact]
    public void Types_beyond_the_32nd_are_counted_together()
    {
        var folding = new Folding();
        for (var i = 0; i < 50; i++)
        {
            folding.Fold($"type{i}", Now);
        }

        folding.Fold("type0", Now);
        folding.Fold("type49", Now);

        Assert.Equal(32, folding.Profile.Types.Length);
        Assert.Equal((2, 1, 0), (folding.Profile.Total("type0"), folding.Profile.Total("type30"), folding.Profile.Total("type31")));
        Assert.Equal(20, folding.Profile.Total(UserProfile.OtherTypes));
        Assert.Equal([20, 20, 20, 20, 20], Counts(folding, UserProfile.OtherTypes, Now));
        Assert.Equal([2, 2, 2, 2, 2], Counts(folding, "type0", Now));
    }

    [Fact]
    public void One_who_sends_an_event_named_like_the_others_breaks_nothing()
    {
        var folding = new Folding();
        folding.Fold(UserProfile.OtherTypes, Now);
        for (var i = 0; i < 50; i++)
        {
            folding.Fold($"type{i}", Now);
        }

        var view = folding.Profile.ViewAt(Now, folding.Words);

        Assert.Equal(51, view.Events.Values.Sum(counts => counts["total"]));
        Assert.Equal(1 + 20, folding.Profile.Total(UserProfile.OtherTypes));
    }

    private static long[] Counts(Folding folding, string type, long now) =>
        [.. Enumerable.Range(0, Window.All.Count).Select(window => folding.Profile.Count(type, window, now))];
}
