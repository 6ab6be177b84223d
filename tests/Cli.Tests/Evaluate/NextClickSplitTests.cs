using Personalization.Cli.Evaluate;
using Personalization.Cli.Events;

namespace Personalization.Cli.Tests.Evaluate;

public sealed class NextClickSplitTests
{
    private const string Eshop = "data/eshop/clicks_2008_04_07.csv.gz";
    private static readonly DateTimeOffset July = new(2008, 7, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Sessions_are_split_by_when_they_begin_and_unknown_items_are_dropped_from_the_test()
    {
        var split = NextClickSplit.Of(
            [
                .. Clicks("short", July.AddDays(-3), "a"),
                .. Clicks("old", July.AddSeconds(-1), "a", "b", "c"),
                .. Clicks("new", July, "a", "unknown", "c", "b"),
                .. Clicks("unknown", July.AddDays(1), "a", "unknown", "other"),
                .. Clicks("single", July.AddDays(1), "a"),
            ],
            July);
        Assert.Equal(["old"], split.Training.Select(session => session.Person));
        Assert.Equal(["new"], split.Test.Select(session => session.Person));
        Assert.Equal(["a", "c", "b"], split.Test[0].Clicks.Select(click => click.ItemId!));
        Assert.Equal(2, split.Predictions);
        Assert.Equal(["a", "b", "c"], split.TrainedItems.Order());
    }

    [Fact]
    public void Clicks_are_ordered_by_time_and_else_as_they_came()
    {
        var clicks = Clicks("p", July.AddDays(-1), "a", "b", "c").ToList();
        clicks[2] = clicks[2] with { Timestamp = clicks[0].Timestamp };
        Assert.Equal(["a", "c", "b"], NextClickSplit.Of(clicks, July).Training[0].Clicks.Select(click => click.ItemId!));
    }

    [SharedFact(Eshop)]
    public void The_eshop_splits_into_13399_training_sessions_4033_test_sessions_and_30160_predictions()
    {
        var split = EshopSplit();
        Assert.Equal((13_399, 4_033, 30_160), (split.Training.Count, split.Test.Count, split.Predictions));
    }

    // Source of the figures: shared/data/README.md, "Next click on the e-shop", measured by other code on this split.
    [SharedFact(Eshop)]
    public void Popularity_and_a_markov_chain_reach_their_published_figures_on_the_eshop()
    {
        var split = EshopSplit();
        var popular = new Dictionary<string, int>();
        var next = new Dictionary<string, Dictionary<string, int>>();
        foreach (var session in split.Training)
        {
            for (var i = 0; i < session.Clicks.Count; i++)
            {
                Count(popular, session.Clicks[i].ItemId!);
                if (i > 0)
                {
                    Count(next.TryGetValue(session.Clicks[i - 1].ItemId!, out var after) ? after : next[session.Clicks[i - 1].ItemId!] = [], session.Clicks[i].ItemId!);
                }
            }
        }

        var byPopularity = Ranked(popular, split);
        var byLast = split.TrainedItems.ToDictionary(item => item, item => Ranked(next.GetValueOrDefault(item) ?? [], split));
        var (popularity, markov) = (new RankTally(), new RankTally());
        foreach (var session in split.Test)
        {
            for (var i = 1; i < session.Clicks.Count; i++)
            {
                popularity.Add(RankTally.RankOf(session.Clicks[i].ItemId!, byPopularity));
                markov.Add(RankTally.RankOf(session.Clicks[i].ItemId!, byLast[session.Clicks[i - 1].ItemId!]));
            }
        }

        Assert.Equal((.2457, .0521), (Math.Round(popularity.HitRate(20), 4), Math.Round(popularity.MeanReciprocalRank(), 4)));
        Assert.Equal((.6915, .2502), (Math.Round(markov.HitRate(20), 4), Math.Round(markov.MeanReciprocalRank(), 4)));
    }

    private static NextClickSplit EshopSplit() =>
        NextClickSplit.Of(ClickFile.Read(SharedFolder.FilePath(Eshop), ClickFile.LoadMapping(null)).Clicks, July);

    private static IEnumerable<Event> Clicks(string person, DateTimeOffset start, params string[] items) => items.Select((item, i) => new Event
    {
        MessageId = $"{person}-{i}",
        Type = "click",
        AnonymousId = person,
        Timestamp = start.AddSeconds(i),
        Properties = [new("itemId", item)],
    });

    private static void Count(Dictionary<string, int> counts, string item) => counts[item] = counts.GetValueOrDefault(item) + 1;

    private static List<string> Ranked(Dictionary<string, int> scores, NextClickSplit split) =>
        [.. split.TrainedItems.OrderByDescending(item => scores.GetValueOrDefault(item)).ThenBy(item => item, StringComparer.Ordinal).Take(20)];
}
