using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

public sealed class UserProfileTests
{
    private const long Now = Happened.Monday;
    private const long Minute = 60_000;
    private const long Day = 86_400_000;

    [Fact]
    public void Of_a_stranger_nothing_is_known()
    {
        var profile = new UserProfile("ann");

        Assert.False(profile.IsKnown);
        Assert.Null(profile.SessionAt(Now));
        Assert.Equal((0, 0, 0, 0), (profile.Version, profile.Sessions, profile.Total("view"), profile.Count("view", 0, Now)));
        Assert.Equal(-1, profile.AssignedVariant(0, 1));
    }

    [Fact]
    public void A_message_sent_again_is_folded_once()
    {
        var folding = new Folding();
        var first = folding.Fold("view", Now, "A", message: "m");
        var before = folding.State();
        var version = folding.Profile.Version;

        Assert.True(first.Applied);
        Assert.Equal(FoldOutcome.Duplicate, folding.Fold("purchase", Now + Minute, "B", message: "m"));
        Assert.Equal(before, folding.State());

        // The log was folded up to there: whoever waits for the version, or asks whether anything is missing, must see that.
        Assert.True(folding.Profile.Version > version);
    }

    [Fact]
    public void A_position_that_was_folded_is_not_folded_again()
    {
        var words = new Vocabulary();
        var profile = new UserProfile("ann");

        Assert.True(profile.Fold(Happened.Event("view", Now), 7, words).Applied);
        Assert.False(profile.Fold(Happened.Event("view", Now), 7, words).Applied);
        Assert.False(profile.Fold(Happened.Event("view", Now), 6, words).Applied);
        Assert.True(profile.Fold(Happened.Event("view", Now), 8, words).Applied);
        Assert.Equal((8, 2), (profile.Version, profile.Total("view")));
    }

    [Fact]
    public void The_last_1024_messages_are_known_again_and_the_one_before_them_is_not()
    {
        var folding = new Folding();
        for (var i = 0; i < 1025; i++)
        {
            folding.Fold("view", Now, message: $"m{i}");
        }

        for (var i = 1; i < 1025; i++)
        {
            Assert.False(folding.Fold("view", Now, message: $"m{i}").Applied);
        }

        folding.WriteAndRead();
        for (var i = 1; i < 1025; i++)
        {
            Assert.False(folding.Fold("view", Now, message: $"m{i}").Applied);
        }

        Assert.True(folding.Fold("view", Now, message: "m0").Applied);
        Assert.True(folding.Fold("view", Now, message: "m1").Applied);
        Assert.False(folding.Fold("view", Now, message: "m3").Applied);
    }

    [Fact]
    public void A_whole_batch_sent_twice_counts_once_though_another_came_between()
    {
        var folding = new Folding();
        var batch = Enumerable.Range(0, 500).Select(i => Happened.Event("view", Now + i, $"item{i % 30}", "shoes")).ToArray();
        var other = Enumerable.Range(0, 500).Select(i => Happened.Event("click", Now + i)).ToArray();
        Assert.All([.. batch, .. other], one => Assert.True(folding.Fold(one).Applied));
        var before = folding.State();

        Assert.All(batch, one => Assert.False(folding.Fold(one).Applied));
        Assert.Equal(before, folding.State());
    }

    [Fact]
    public void Thirty_minutes_of_inactivity_end_a_session_and_a_second_less_does_not()
    {
        var folding = new Folding();
        folding.Fold("view", Now);
        folding.Fold("view", Now + (30 * Minute) - 1000);

        Assert.Equal(new Session(1, Now, Now + (30 * Minute) - 1000, 2), folding.Profile.SessionAt(Now + (30 * Minute)));

        var last = Now + (30 * Minute) - 1000;
        Assert.NotNull(folding.Profile.SessionAt(last + (30 * Minute) - 1));
        Assert.Null(folding.Profile.SessionAt(last + (30 * Minute)));

        folding.Fold("view", last + (30 * Minute));
        Assert.Equal(new Session(2, last + (30 * Minute), last + (30 * Minute), 1), folding.Profile.SessionAt(last + (30 * Minute)));
        Assert.Equal(2, folding.Profile.Sessions);
    }

    [Fact]
    public void A_late_event_changes_no_session_but_what_it_is_about()
    {
        var folding = new Folding();
        folding.Fold("view", Now, "A");
        folding.Fold("view", Now - Day, "B", receivedAt: Now);

        Assert.Equal(new Session(1, Now, Now, 1), folding.Profile.SessionAt(Now));
        Assert.Equal((Now - Day, Now), (folding.Profile.FirstSeen, folding.Profile.LastSeen));
        Assert.Equal(["A", "B"], folding.Recent());
        Assert.Equal(2, folding.Profile.Total("view"));
    }

    [Fact]
    public void The_previous_item_is_the_one_before_it_in_the_same_session()
    {
        var folding = new Folding();
        string? Previous(string type, long at, string? item) => folding.Word(folding.Fold(type, at, item).Previous);

        Assert.Null(Previous("view", Now, "A"));
        Assert.Equal("A", Previous("view", Now + 1000, "B"));
        Assert.Null(Previous("search", Now + 2000, null));
        Assert.Null(Previous("impression", Now + 3000, "X"));
        Assert.Equal("B", Previous("add_to_cart", Now + 4000, "C"));
        Assert.Equal("C", Previous("click", Now + 4000, "D"));

        // Late: it has no place between the others, and the next one still follows D.
        Assert.Null(Previous("view", Now + 500, "E"));
        Assert.Equal("D", Previous("view", Now + 5000, "F"));

        // A new session follows nothing, and one without items neither.
        Assert.Null(Previous("view", Now + 5000 + (30 * Minute), "G"));
        Assert.Null(Previous("search", Now + 5000 + (60 * Minute), null));
        Assert.Null(Previous("view", Now + 6000 + (60 * Minute), "H"));
    }

    [Fact]
    public void Only_interest_in_an_item_makes_it_recent()
    {
        var folding = new Folding();
        foreach (var type in new[] { "view", "click", "add_to_cart", "purchase", "impression", "reward", "search", "my_own" })
        {
            folding.Fold(type, Now, type);
        }

        Assert.Equal(["purchase", "add_to_cart", "click", "view"], folding.Recent());
    }

    [Fact]
    public void Recent_items_are_the_last_20_each_once_by_their_latest_time()
    {
        var folding = new Folding();
        for (var i = 0; i < 25; i++)
        {
            folding.Fold("view", Now + (i * 1000), $"i{i}");
        }

        Assert.Equal(Enumerable.Range(5, 20).Reverse().Select(i => $"i{i}"), folding.Recent());

        // Seen again: first. Late: where it belongs. Later known than late: unmoved. Older than all 20: nowhere.
        folding.Fold("view", Now + 25_000, "i10");
        folding.Fold("view", Now + 22_500, "late", receivedAt: Now + 25_000);
        folding.Fold("view", Now + 6_000, "i24", receivedAt: Now + 25_000);
        folding.Fold("view", Now + 1_000, "ancient", receivedAt: Now + 25_000);

        Assert.Equal(
            ["i10", "i24", "i23", "late", "i22", .. Enumerable.Range(6, 16).Reverse().Where(i => i != 10).Select(i => $"i{i}")],
            folding.Recent());
        Assert.Equal(20, folding.Recent().Length);
    }

    [Fact]
    public void Interest_halves_in_a_week_and_shares_follow_it()
    {
        var folding = new Folding();
        folding.Fold("add_to_cart", Now, category: "shoes", brand: "Acme");
        folding.Fold("view", Now + (7 * Day), category: "hats", brand: "Acme");

        // 3 halved is 1.5, beside 1: 0.6 and 0.4. A purchase of a hat adds 5 two weeks later: 0.375, 0.25 + 5.
        var view = folding.Profile.ViewAt(Now + (7 * Day), folding.Words);
        Assert.Equal(0.6, view.Categories["shoes"], 1e-6);
        Assert.Equal(0.4, view.Categories["hats"], 1e-6);
        Assert.Equal(["shoes", "hats"], view.Categories.Keys);
        Assert.Equal(1, view.Brands["Acme"], 1e-6);

        folding.Fold("purchase", Now + (21 * Day), category: "hats");
        view = folding.Profile.ViewAt(Now + (21 * Day), folding.Words);
        Assert.Equal(0.375 / 5.625, view.Categories["shoes"], 1e-6);
        Assert.Equal(["hats", "shoes"], view.Categories.Keys);
        Assert.Equal(0.375f, folding.Profile.Categories.Entries[0].ValueAt((uint)((Now + (21 * Day)) / 1000)), 1e-6);
    }

    [Fact]
    public void Late_interest_counts_what_is_left_of_it()
    {
        var inOrder = new Folding();
        inOrder.Fold("view", Now - (7 * Day), category: "shoes");
        inOrder.Fold("view", Now, category: "shoes");
        var late = new Folding();
        late.Fold("view", Now, category: "shoes");
        late.Fold("view", Now - (7 * Day), category: "shoes", receivedAt: Now);

        Assert.Equal(1.5f, inOrder.Profile.Categories.Entries[0].Value, 1e-6);
        Assert.Equal(1.5f, late.Profile.Categories.Entries[0].Value, 1e-6);
        Assert.Equal(inOrder.Profile.Categories.Entries[0].At, late.Profile.Categories.Entries[0].At);
    }

    [Theory]
    [InlineData("view", 1)]
    [InlineData("click", 1)]
    [InlineData("add_to_cart", 3)]
    [InlineData("purchase", 5)]
    [InlineData("search", 0.5)]
    [InlineData("my_own", 0.5)]
    public void An_event_speaks_for_its_category_by_its_type(string type, double weight)
    {
        var folding = new Folding();
        folding.Fold(type, Now, category: "shoes");

        Assert.Equal(weight, folding.Profile.Categories.Entries[0].Value);
    }

    [Theory]
    [InlineData("impression")]
    [InlineData("reward")]
    public void What_was_only_shown_is_no_interest(string type)
    {
        var folding = new Folding();
        folding.Fold(type, Now, "A", "shoes", "Acme");

        Assert.Equal((0, 0), (folding.Profile.Categories.Entries.Length, folding.Profile.Brands.Entries.Length));
    }

    [Fact]
    public void The_weakest_of_16_interests_gives_way_to_a_new_one_but_not_to_an_old_one()
    {
        var folding = new Folding();
        for (var i = 0; i < 16; i++)
        {
            folding.Fold(i == 3 ? "view" : "purchase", Now, category: $"c{i}");
        }

        folding.Fold("purchase", Now - (365 * Day), category: "old", receivedAt: Now);
        Assert.DoesNotContain("old", folding.Profile.ViewAt(Now, folding.Words).Categories.Keys);

        folding.Fold("search", Now, category: "new");
        var categories = folding.Profile.ViewAt(Now, folding.Words).Categories;
        Assert.Equal(16, categories.Count);
        Assert.Contains("new", categories.Keys);
        Assert.DoesNotContain("c3", categories.Keys);
    }

    [Theory]
    [InlineData(1_218_182_400_000)]
    [InlineData(0)]
    public void History_leaves_windows_empty_and_everything_else_works_by_its_own_time(long then)
    {
        // August 2008, and the first second there is, loaded today.
        var folding = new Folding();
        folding.Fold("view", then, "A", "shoes", receivedAt: Now);
        var second = folding.Fold("view", then + Minute, "B", "hats", receivedAt: Now + 1);
        folding.Fold("purchase", then + (2 * Minute), "B", "hats", receivedAt: Now + 2);

        for (var window = 0; window < Window.All.Count; window++)
        {
            Assert.Equal(0, folding.Profile.Count("view", window, Now + 2));
            Assert.Equal(0, folding.Profile.Count("view", window, then + Minute));
        }

        Assert.Equal((2, 1), (folding.Profile.Total("view"), folding.Profile.Total("purchase")));
        Assert.Equal("A", folding.Word(second.Previous));
        Assert.Equal(["B", "A"], folding.Recent());
        Assert.Equal((1, then, then + (2 * Minute)), (folding.Profile.Sessions, folding.Profile.FirstSeen, folding.Profile.LastSeen));
        Assert.Null(folding.Profile.SessionAt(Now));
        Assert.Equal(3, folding.Profile.SessionAt(then + (2 * Minute))!.Value.Events);

        var view = folding.Profile.ViewAt(Now, folding.Words);
        Assert.Equal(6.0 / 7, view.Categories["hats"], 1e-4);
        Assert.Equal("hats", folding.Word(folding.Profile.Categories.Strongest((uint)(Now / 1000))));
    }

    [Fact]
    public void The_first_variant_seen_under_a_version_stays_and_a_newer_version_starts_afresh()
    {
        var folding = new Folding();
        int Assigned(int version) => folding.Profile.AssignedVariant(folding.Words.Find("hero"), version);
        int Number(string variant) => folding.Words.Find(variant);

        Expose(folding, "hero", 1, "red");
        Expose(folding, "hero", 1, "blue");
        Assert.Equal((Number("red"), -1), (Assigned(1), Assigned(2)));

        Expose(folding, "hero", 2, "blue");
        Assert.Equal((-1, Number("blue")), (Assigned(1), Assigned(2)));

        // An impression of a page that was decided before the new version.
        Expose(folding, "hero", 1, "red");
        Assert.Equal((-1, Number("blue")), (Assigned(1), Assigned(2)));
        Assert.Equal("blue", folding.Profile.ViewAt(Now, folding.Words).Assignments["hero"]);
    }

    [Fact]
    public void The_oldest_of_64_assignments_gives_way()
    {
        var folding = new Folding();
        for (var i = 0; i < 65; i++)
        {
            Expose(folding, $"e{i}", 1, "a");
        }

        Assert.Equal(-1, folding.Profile.AssignedVariant(folding.Words.Find("e0"), 1));
        Assert.Equal(folding.Words.Find("a"), folding.Profile.AssignedVariant(folding.Words.Find("e1"), 1));
        Assert.Equal(folding.Words.Find("a"), folding.Profile.AssignedVariant(folding.Words.Find("e64"), 1));
    }

    [Fact]
    public void A_full_vocabulary_loses_words_and_nothing_else()
    {
        var words = new Vocabulary(capacity: 3);
        var profile = new UserProfile("ann");
        for (var i = 0; i < 10; i++)
        {
            var source = Happened.Event("view", Now + i, $"item{i}", "shoes");
            source.Expose([new Exposure($"experiment{i}", 1, "a")]);
            Assert.True(profile.Fold(source, i + 1, words).Applied);
        }

        Assert.Equal(10, profile.Total("view"));
        var bytes = Folding.Bytes(profile, words);
        Assert.Equal(bytes, Folding.Bytes(UserProfile.Read("ann", bytes, words), words));
        Assert.Equal(10, UserProfile.Read("ann", bytes, new Vocabulary(capacity: 0)).Total("view"));
    }

    [Fact]
    public void A_view_tells_all_there_is()
    {
        var folding = new Folding();
        folding.Fold("view", Now - (2 * Day), "A", "shoes");
        folding.Fold("view", Now, "B", "shoes", "Acme");
        Expose(folding, "hero", 1, "red");

        var view = folding.Profile.ViewAt(Now, folding.Words);

        Assert.Equal(("ann", 3, 2), (view.Id, view.Version, view.Sessions));
        Assert.Equal(("2026-05-02", "2026-05-04"), (view.FirstSeen?.ToString("yyyy-MM-dd"), view.LastSeen?.ToString("yyyy-MM-dd")));
        Assert.Equal(new Session(2, Now, Now, 2), view.Session);
        Assert.Equal([("1m", 1), ("5m", 1), ("1h", 1), ("1d", 1), ("30d", 2), ("total", 2)], view.Events["view"].Select(count => (count.Key, (int)count.Value)));
        Assert.Equal(1, view.Events["impression"]["total"]);
        Assert.Equal(["B", "A"], view.RecentItems.Select(recent => recent.Item));
    }

    private static void Expose(Folding folding, string experiment, int version, string variant)
    {
        var impression = Happened.Event("impression", Now);
        impression.Expose([new Exposure(experiment, version, variant)]);
        folding.Fold(impression);
    }
}
