using System.Buffers;
using Personalization.Core.Catalog;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Recommend;

public sealed class ItemKnowledgeTests
{
    private const long Now = Happened.Monday;
    private const long Day = 86_400_000;
    private const long Hour = 3_600_000;

    [Fact]
    public void Popularity_is_the_share_of_all_interest_halving_in_two_weeks()
    {
        // A: 5 of four weeks ago, a quarter of it left; B: 1 now; C: 3 of two weeks ago, half of it left. 1.25 + 1 + 1.5 = 3.75.
        var lessons = new Lessons()
            .Learn(Now - (28 * Day), null, "A", EventTypes.Purchase)
            .Learn(Now, null, "B")
            .Learn(Now - (14 * Day), null, "C", EventTypes.AddToCart)
            .Merge("A", "B", "C");

        Assert.Equal(["C", "A", "B"], lessons.Popular.Select(item => item.Id));
        Assert.Equal(1.5 / 3.75, lessons.Popular[0].Score, 1e-12);
        Assert.Equal(1.25 / 3.75, lessons.Popular[1].Score, 1e-12);
        Assert.Equal(1 / 3.75, lessons.Popular[2].Score, 1e-12);
    }

    [Fact]
    public void Equal_items_are_ranked_by_id_and_items_no_longer_sold_not_at_all()
    {
        var lessons = new Lessons().Learn(Now, null, "b").Learn(Now, null, "gone").Learn(Now, null, "a").Learn(Now, null, "B").Merge("a", "b", "B");

        Assert.Equal(["B", "a", "b"], lessons.Popular.Select(item => item.Id));
        Assert.Equal(1 / 3.0, lessons.Popular[0].Score, 1e-12);
    }

    [Fact]
    public void A_new_shop_shows_its_items_in_the_order_of_their_ids()
    {
        var lessons = new Lessons().Merge("c", "a", "b");

        Assert.Equal([("a", 0), ("b", 0), ("c", 0)], lessons.Popular);
        Assert.Empty(lessons.Trending);
    }

    [Fact]
    public void Items_that_nobody_looked_at_follow_those_that_somebody_did()
    {
        var lessons = new Lessons().Learn(Now, null, "y").Merge("z", "y", "x");

        Assert.Equal([("y", 1), ("x", 0), ("z", 0)], lessons.Popular);
    }

    [Fact]
    public void A_ranking_is_full_but_no_longer_however_few_were_looked_at()
    {
        var ids = Enumerable.Range(0, 1_500).Select(i => $"i{i:0000}").ToArray();
        var lessons = new Lessons();
        foreach (var id in ids.Where((_, i) => i % 3 == 0))
        {
            lessons.Learn(Now, null, id);
        }

        lessons.Merge(ids);
        Assert.Equal(
            ids.Where((_, i) => i % 3 == 0).Concat(ids.Where((_, i) => i % 3 != 0)).Take(ItemKnowledge.RankingLength),
            lessons.Popular.Select(item => item.Id));

        foreach (var id in ids)
        {
            lessons.Learn(Now, null, id);
        }

        lessons.Merge(ids);
        Assert.Equal(ItemKnowledge.RankingLength, lessons.Popular.Length);
        Assert.Equal(ids.Where((_, i) => i % 3 == 0), lessons.Popular.Take(500).Select(item => item.Id));
        Assert.All(lessons.Popular, item => Assert.True(item.Score > 0));
    }

    [Fact]
    public void A_ranking_follows_the_catalog_and_is_made_anew_only_when_something_changed()
    {
        var words = new Vocabulary();
        var knowledge = new ItemKnowledge(words);
        var catalog = Lessons.Catalog(words, "a", "b");

        Assert.True(knowledge.Refresh(catalog));
        Assert.False(knowledge.Refresh(catalog));

        var without = catalog.With([new Item { Id = "c" }, new Item { Id = "0", Stock = 0 }], ["a"], words);
        Assert.True(knowledge.Refresh(without));
        Assert.Equal(["b", "c"], knowledge.Popular.Items.ToArray().Select(item => words[item.Item]));

        var delta = new LearningDelta();
        knowledge.Merge(delta);
        Assert.False(knowledge.Refresh(without));
        Lessons.Learn(delta, words, Now, null, "c");
        knowledge.Merge(delta);
        Assert.True(knowledge.Refresh(without));
        Assert.Equal(["c", "b"], knowledge.Popular.Items.ToArray().Select(item => words[item.Item]));
    }

    [Fact]
    public void What_draws_more_interest_than_usual_is_trending_before_what_draws_most()
    {
        // "steady" is viewed every ten minutes for three weeks, "burst" ten times in the last hour after once a day.
        var lessons = new Lessons();
        for (var minute = 0L; minute < 21 * 1440; minute += 10)
        {
            lessons.Learn(Now - (21 * Day) + (minute * 60_000), null, "steady");
        }

        for (var day = 21; day >= 1; day--)
        {
            lessons.Learn(Now - (day * Day), null, "burst");
        }

        for (var i = 0; i < 10; i++)
        {
            lessons.Learn(Now - (i * Hour / 10), null, "burst");
        }

        lessons.Merge("steady", "burst");

        Assert.Equal("steady", lessons.Popular[0].Id);
        Assert.Equal("burst", lessons.Trending[0].Id);

        // Of a steady stream the excess is that of the weeks it has not existed: 1 - 2^-1.5 of it is known, so (1 - 0.65) of the
        // 52 = 6 h / ln 2 / 10 min that it ever holds, over sqrt(0.65 * 52 + 1).
        var held = 6 * 6 / Math.Log(2);
        var expected = held * (1 - Math.Pow(2, -1.5));
        Assert.Equal((held - expected) / Math.Sqrt(expected + 1), lessons.Trending.Single(item => item.Id == "steady").Score, 0.1);
    }

    [Fact]
    public void Successors_are_the_decayed_shares_of_where_people_went()
    {
        // From A: to B now (1), to C 90 days ago twice (2 × ½), to D 180 days ago (¼): 1 + 1 + 0.25.
        var lessons = new Lessons()
            .Learn(Now, "A", "B")
            .Learn(Now - (90 * Day), "A", "C")
            .Learn(Now - (90 * Day), "A", "C")
            .Learn(Now - (180 * Day), "A", "D")
            .Learn(Now, "B", "A")
            .Merge("A", "B", "C", "D");

        var successors = lessons.Successors("A");
        Assert.Equal(["B", "C", "D"], successors.Select(next => next.Id));
        Assert.Equal(1 / 2.25, successors[0].Probability, 1e-12);
        Assert.Equal(1 / 2.25, successors[1].Probability, 1e-12);
        Assert.Equal(0.25 / 2.25, successors[2].Probability, 1e-12);
        Assert.Equal([("A", 1)], lessons.Successors("B"));
        Assert.Empty(lessons.Successors("C"));
        Assert.Empty(lessons.Successors("unheard of"));
    }

    [Fact]
    public void Interest_in_the_same_item_again_goes_nowhere()
    {
        var lessons = new Lessons().Learn(Now, "A", "A", EventTypes.AddToCart).Learn(Now, "A", "B").Merge("A", "B");

        Assert.Equal([("B", 1)], lessons.Successors("A"));
        Assert.Equal(["A", "B"], lessons.Popular.Select(item => item.Id));
    }

    [Fact]
    public void Readers_are_given_64_successors_with_their_shares_of_all()
    {
        var lessons = new Lessons();
        for (var i = 0; i < 100; i++)
        {
            for (var times = 0; times <= i; times++)
            {
                lessons.Learn(Now, "A", $"i{i:00}");
            }
        }

        var successors = lessons.Merge("A").Successors("A");
        Assert.Equal(Enumerable.Range(36, 64).Reverse().Select(i => $"i{i}"), successors.Select(next => next.Id));
        Assert.Equal(100 / 5050.0, successors[0].Probability, 1e-12);
        Assert.Equal(37 / 5050.0, successors[^1].Probability, 1e-12);
    }

    [Fact]
    public void Of_too_many_successors_the_strongest_stay()
    {
        // Two of each of the first 100, then one of each of 2 000 more, in batches as a host merges them.
        var lessons = new Lessons();
        for (var i = 0; i < 100; i++)
        {
            lessons.Learn(Now, "A", $"strong{i:00}").Learn(Now, "A", $"strong{i:00}");
        }

        for (var i = 0; i < 2_000; i++)
        {
            lessons.Learn(Now, "A", $"weak{i}");
            if (i % 50 == 0)
            {
                lessons.Merge("A");
            }
        }

        lessons.Merge("A");
        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"strong{i:00}"), lessons.Successors("A").Select(next => next.Id));

        var output = new ArrayBufferWriter<byte>();
        lessons.Knowledge.Find(lessons.Words.Find("A"))!.Write(output, lessons.Words);
        Assert.InRange(output.WrittenCount, ItemStatistics.MostSuccessors * 15, ItemStatistics.MostSuccessors * 5 / 4 * 28);
    }

    [Theory]
    [InlineData(Purposes.Training, false)]
    [InlineData(Purposes.Training | Purposes.Analytics, false)]
    [InlineData(Purposes.Analytics, true)]
    [InlineData(Purposes.None, true)]
    public void One_who_denies_training_teaches_nothing(Purposes denied, bool teaches)
    {
        var delta = new LearningDelta();
        Lessons.Learn(delta, new Vocabulary(), Now, "A", "B", consent: new Consent(Purposes.None, denied));

        Assert.Equal(teaches, !delta.IsEmpty);
    }

    [Fact]
    public void A_duplicate_and_an_event_without_an_item_teach_nothing()
    {
        var delta = new LearningDelta();
        delta.Learn(Happened.Event("view", Now, "A"), FoldOutcome.Duplicate);
        delta.Learn(Happened.Event("search", Now), new FoldOutcome(true, -1, -1));

        Assert.True(delta.IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void However_lessons_are_split_among_nodes_and_merged_they_come_to_the_same(int seed)
    {
        var random = new Random(seed);
        var ids = Enumerable.Range(0, 40).Select(i => $"i{i}").ToArray();
        var steps = Enumerable.Range(0, 2_000).Select(_ => (
            At: Now - (long)(random.NextDouble() * 60 * Day),
            Previous: random.Next(3) == 0 ? null : ids[random.Next(40)],
            Item: ids[(int)(40 * Math.Pow(random.NextDouble(), 2))],
            Type: random.Next(6) == 0 ? EventTypes.Purchase : EventTypes.View)).ToArray();

        var one = new Lessons();
        foreach (var step in steps)
        {
            one.Learn(step.At, step.Previous, step.Item, step.Type);
        }

        one.Merge(ids);

        // The same lessons in another order, by five nodes, the deltas of which arrive in yet another; words numbered otherwise.
        random.Shuffle(steps);
        var many = new Lessons();
        many.Words.Number("another word");
        var deltas = Enumerable.Range(0, 5).Select(_ => new LearningDelta()).ToArray();
        foreach (var step in steps)
        {
            var delta = deltas[random.Next(5)];
            Lessons.Learn(delta, many.Words, step.At, step.Previous, step.Item, step.Type);
            if (random.Next(100) == 0)
            {
                many.Knowledge.Merge(delta);
                delta.Clear();
            }
        }

        random.Shuffle(deltas);
        foreach (var delta in deltas)
        {
            many.Knowledge.Merge(delta);
        }

        many.Merge(ids);

        AssertSame(one.Popular, many.Popular);
        AssertSame(one.Trending, many.Trending);
        foreach (var id in ids)
        {
            AssertSame(one.Successors(id), many.Successors(id));
        }

        static void AssertSame((string Id, double Score)[] left, (string Id, double Score)[] right)
        {
            Assert.Equal(left.Select(item => item.Id), right.Select(item => item.Id));
            Assert.All(left.Zip(right), pair => Assert.InRange(pair.Second.Score, pair.First.Score * (1 - 1e-9), pair.First.Score * (1 + 1e-9)));
        }
    }

    [Fact]
    public void A_host_is_told_of_statistics_before_they_change()
    {
        var lessons = new Lessons().Learn(Now, null, "A").Merge("A");
        var told = new List<(string, double)>();
        lessons.Learn(Now, null, "A").Learn(Now, "A", "B");

        lessons.Knowledge.Merge(lessons.Delta, changing => told.Add((lessons.Words[changing.Item], changing.Popularity.Value)));

        Assert.Equal([("A", 1), ("B", 0)], told);
        Assert.Equal(2, lessons.Knowledge.Find(lessons.Words.Find("A"))!.Popularity.Value);
    }
}
