using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

/// <summary>The laws of merging two profiles, over random histories below the bounds that profiles have.</summary>
public sealed class MergeTests
{
    private const long Now = Happened.Monday + (40 * 86_400_000L);

    [Fact]
    public void Merging_is_commutative() => Holds((a, b, _) =>
        Same(Merged(Of("a", a), Of("b", b)), Merged(Of("b", b), Of("a", a)), sessions: true));

    [Fact]
    public void Merging_is_associative() => Holds((a, b, c) =>
        Same(Merged(Merged(Of("a", a), Of("b", b)), Of("c", c)), Merged(Of("a", a), Merged(Of("b", b), Of("c", c))), sessions: false));

    [Fact]
    public void Merging_with_somebody_nothing_is_known_of_changes_nothing() => Holds((a, _, _) =>
        Same(Merged(Of("a", a), new UserProfile("nobody")), Of("a", a), sessions: true)
        && Same(Merged(new UserProfile("nobody"), Of("a", a)), Of("a", a), sessions: true));

    [Fact]
    public void Two_merged_halves_of_a_history_are_the_history() => Holds((a, b, _) =>
        Same(Merged(Of("a", a), Of("b", b)), Of("a", [.. Events("a", a), .. Events("b", b)]), sessions: false));

    [Fact]
    public void A_message_that_either_half_has_seen_is_known_to_both() => Holds((a, b, _) =>
    {
        var merged = Merged(Of("a", a), Of("b", b));
        return Events("a", a).Concat(Events("b", b)).Select((source, i) => merged.Fold(source, 1_000_000 + i, Words)).All(outcome => !outcome.Applied);
    });

    [Fact]
    public void Two_visits_are_one_where_less_than_half_an_hour_is_between_them()
    {
        Assert.Equal((1, 3), Visits(0, 10, 29));
        Assert.Equal((2, 1), Visits(0, 10, 40));
        Assert.Equal((1, 3), Visits(0, 29, 12));

        static (int Sessions, int Events) Visits(int first, int second, int other)
        {
            var mine = Of("a", [Minute("a1", first), Minute("a2", second)]);
            mine.Merge(Of("b", [Minute("b1", other)]), Words);
            return (mine.Sessions, mine.SessionAt(Happened.Monday + (41 * 60_000))!.Value.Events);
        }

        static Event Minute(string message, int minute) => Happened.Event("view", Happened.Monday + (minute * 60_000), message: message);
    }

    [Fact]
    public void Of_more_than_fits_the_strongest_and_newest_stay()
    {
        var mine = Of("a", [.. Enumerable.Range(0, 40).Select(i => Happened.Event($"type{i}", Now + (i * 1000), $"a{i}", $"category{i}", message: $"a{i}"))]);
        mine.Merge(Of("b", [.. Enumerable.Range(0, 40).Select(i => Happened.Event("purchase", Now + 500 + (i * 1000), $"b{i}", $"other{i}", message: $"b{i}"))]), Words);

        Assert.Equal(UserProfile.MostTypes, mine.Types.Length);
        Assert.Equal(80, mine.Types.ToArray().Sum(type => type.Total));
        Assert.Equal(80, mine.Types.ToArray().Sum(type => mine.Count(type.Type, Window.IndexOf("30d"), Now + 40_000)));
        Assert.Equal(16, mine.Categories.Entries.Length);
        Assert.All(mine.Categories.Entries.ToArray(), entry => Assert.StartsWith("other", Words[entry.Symbol], StringComparison.Ordinal));
        Assert.Equal(20, mine.RecentItems.Length);
        Assert.Equal("b39", Words[mine.RecentItems[0].Item]);
    }

    private static readonly Vocabulary Words = new();

    private static void Holds(Func<Happening[], Happening[], Happening[], bool> law) =>
        Prop.ForAll(Histories, Histories, Histories, law).QuickCheckThrowOnFailure();

    // Few enough categories, items and types that no bound is met; times over five weeks, so that some are older than any window.
    private static Arbitrary<Happening[]> Histories => Gen.ArrayOf(
        from minute in Gen.Choose(0, 50_000)
        from type in Gen.Choose(0, 7)
        from item in Gen.Choose(0, 5)
        from category in Gen.Choose(0, 4)
        from experiment in Gen.Choose(0, 5)
        select new Happening(minute, type, item, category, experiment)).ToArbitrary();

    private static UserProfile Merged(UserProfile one, UserProfile other)
    {
        one.Merge(other, Words);
        return one;
    }

    private static Event[] Events(string person, Happening[] history) => [.. history.Select((happened, i) => happened.ToEvent(person, i))];

    private static UserProfile Of(string person, Happening[] history) => Of(person, Events(person, history));

    private static UserProfile Of(string person, Event[] events)
    {
        var profile = new UserProfile(person);
        for (var i = 0; i < events.Length; i++)
        {
            profile.Fold(events[i], i + 1, Words);
        }

        return profile;
    }

    private static bool Same(UserProfile left, UserProfile right, bool sessions)
    {
        var (one, other) = (left.ViewAt(Now, Words), right.ViewAt(Now, Words));
        return (!sessions || (one.Sessions, left.LastSeen, left.SessionAt(left.LastSeen)) == (other.Sessions, right.LastSeen, right.SessionAt(right.LastSeen)))
            && one.FirstSeen == other.FirstSeen && one.LastSeen == other.LastSeen
            && one.Events.Keys.Order().SequenceEqual(other.Events.Keys.Order())
            && one.Events.All(type => type.Value.All(count => other.Events[type.Key][count.Key] == count.Value))
            && one.RecentItems.OrderBy(recent => recent.Item).SequenceEqual(other.RecentItems.OrderBy(recent => recent.Item))
            && Close(one.Categories, other.Categories) && Close(one.Brands, other.Brands)
            && one.Assignments.OrderBy(entry => entry.Key).SequenceEqual(other.Assignments.OrderBy(entry => entry.Key));
    }

    private static bool Close(IReadOnlyDictionary<string, double> one, IReadOnlyDictionary<string, double> other) =>
        one.Count == other.Count && one.All(share => Math.Abs(share.Value - other[share.Key]) <= 1e-9 * Math.Max(share.Value, other[share.Key]));

    private sealed record Happening(int Minute, int Type, int Item, int Category, int Experiment)
    {
        private static readonly string[] Types = ["view", "click", "purchase", "search", "wish", "add_to_cart", "impression", "share"];

        public Event ToEvent(string person, int number)
        {
            var at = Happened.Monday + (Minute * 60_000L);
            var made = Happened.Event(Types[Type], at, $"item{Item}", $"category{Category}", $"brand{Category % 2}", $"{person}{number}", at, person: person);
            if (Type == 6)
            {
                // Each device sees one variant of an experiment, but of several versions.
                made.Expose([new Exposure($"experiment{Experiment % 2}", 1 + (Experiment / 2), "v")]);
            }

            return made;
        }
    }
}
