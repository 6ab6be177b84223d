using Personalization.Cli.Evaluate;

namespace Personalization.Cli.Tests.Evaluate;

public sealed class RankTallyTests
{
    [Fact]
    public void The_first_place_is_rank_one_and_an_absent_item_is_rank_zero()
    {
        Assert.Equal(1, RankTally.RankOf("a", ["a", "b", "c"]));
        Assert.Equal(3, RankTally.RankOf("c", ["a", "b", "c"]));
        Assert.Equal(0, RankTally.RankOf("d", ["a", "b", "c"]));
        Assert.Equal(0, RankTally.RankOf("a", []));
    }

    [Fact]
    public void The_twentieth_place_counts_and_the_next_does_not()
    {
        string[] ranking = [.. Enumerable.Range(1, 30).Select(place => $"i{place}")];
        Assert.Equal(20, RankTally.RankOf("i20", ranking));
        Assert.Equal(0, RankTally.RankOf("i21", ranking));
    }

    [Fact]
    public void Hit_rates_and_the_reciprocal_rank_are_shares_of_all_predictions()
    {
        var tally = new RankTally();
        foreach (var rank in (int[])[1, 1, 2, 5, 6, 20, 0, 0])
        {
            tally.Add(rank);
        }

        Assert.Equal(8, tally.Predictions);
        Assert.Equal(2 / 8.0, tally.HitRate(1));
        Assert.Equal(4 / 8.0, tally.HitRate(5));
        Assert.Equal(5 / 8.0, tally.HitRate(10));
        Assert.Equal(6 / 8.0, tally.HitRate(20));
        Assert.Equal((1 + 1 + (1 / 2.0) + (1 / 5.0) + (1 / 6.0) + (1 / 20.0)) / 8, tally.MeanReciprocalRank(), 12);
    }

    [Fact]
    public void No_predictions_are_no_hits() => Assert.Equal((0.0, 0.0), (new RankTally().HitRate(20), new RankTally().MeanReciprocalRank()));
}
