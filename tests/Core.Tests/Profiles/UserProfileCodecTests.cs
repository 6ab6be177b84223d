using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

public sealed class UserProfileCodecTests
{
    // Written by the program of version 1, before commerce was kept: one view of "boot" at Happened.Monday.
    private const string VersionOne =
        "010180B8A382DF3380C3DFCF0680C3DFCF0680C3DFCF06010105626F6F74010576696577010581808080B8B2CC0A80808080FCD595F71F808080809EC5B4FE1F"
        + "808080C0BFA3EBFF1F808080C8F498FEFF1F0105626F6F7480C3DFCF06000000016B9B50B5078BA908";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_profile_that_is_written_and_read_is_written_alike_and_answers_alike(int seed)
    {
        var folding = new Folding();
        var now = 0L;
        foreach (var source in RandomStream.Of(seed, 1_500))
        {
            folding.Fold(source);
            now = Math.Max(now, source.ReceivedAt);
            if (folding.Profile.Version % 97 != 0)
            {
                continue;
            }

            // Another process numbers words otherwise.
            var bytes = folding.Bytes();
            var words = new Vocabulary();
            words.Number("something else");
            var read = UserProfile.Read("ann", bytes, words);

            Assert.Equal(bytes, Folding.Bytes(read, words));
            Assert.Equivalent(folding.Profile.ViewAt(now, folding.Words), read.ViewAt(now, words), strict: true);
        }
    }

    [Fact]
    public void A_profile_put_to_rest_before_it_had_anything_takes_whatever_comes_next()
    {
        var folding = new Folding();
        folding.WriteAndRead();
        folding.Fold("newsletter", Happened.Monday);
        folding.WriteAndRead();
        folding.Fold("click", Happened.Monday, item: "boot", category: "shoes", brand: "Oxhide");

        Assert.Equal(["boot"], folding.Recent());
        Assert.Equal(1, folding.Profile.ViewAt(Happened.Monday, folding.Words).Categories["shoes"]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void It_makes_no_difference_where_in_its_life_a_profile_was_put_to_rest(int seed)
    {
        var stream = RandomStream.Of(seed, 1_500);
        var random = new Random(seed);
        var awake = new Folding();
        var rested = new Folding();
        foreach (var source in stream)
        {
            var outcome = awake.Fold(source);
            var again = rested.Fold(source);
            Assert.Equal(
                (outcome.Applied, awake.Word(outcome.Item), awake.Word(outcome.Previous)),
                (again.Applied, rested.Word(again.Item), rested.Word(again.Previous)));
            if (random.Next(20) == 0)
            {
                rested.WriteAndRead();
                Assert.Equal(awake.Bytes(), rested.Bytes());
            }
        }

        Assert.Equal(awake.Bytes(), rested.Bytes());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Folding_the_end_of_the_log_again_changes_nothing(int seed)
    {
        var stream = RandomStream.Of(seed, 800);
        var words = new Vocabulary();
        var profile = new UserProfile("ann");
        for (var i = 0; i < stream.Count; i++)
        {
            profile.Fold(stream[i], i + 1, words);
        }

        var before = Folding.State(profile, words);
        foreach (var from in new[] { 0, 1, 400, 799 })
        {
            for (var i = from; i < stream.Count; i++)
            {
                // Once at the positions it had, as a log is replayed, and once at new ones, as a client sends it again.
                Assert.False(profile.Fold(stream[i], i + 1, words).Applied);
                Assert.False(profile.Fold(stream[i], stream.Count + i + 1, words).Applied);
            }
        }

        Assert.Equal(before, Folding.State(profile, words));
    }

    [Fact]
    public void A_usual_profile_at_rest_is_small()
    {
        // DESIGN §7: 1 KB. A visitor of 30 events in three sessions.
        var folding = new Folding();
        for (var i = 0; i < 30; i++)
        {
            folding.Fold(
                i % 5 == 0 ? "search" : "view", Happened.Monday + (i / 10 * 7_200_000) + (i * 20_000), $"SKU-{i % 12:0000}", $"category{i % 4}", $"brand{i % 3}");
        }

        Assert.InRange(folding.Bytes().Length, 100, 1024);
    }

    [Fact]
    public void Bytes_that_end_early_are_no_profile()
    {
        var folding = new Folding();
        RandomStream.Of(9, 60).ForEach(source => folding.Fold(source));
        var bytes = folding.Bytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => UserProfile.Read("ann", bytes.AsSpan(0, length), new Vocabulary()));
        }
    }

    [Fact]
    public void Damaged_bytes_never_fail_otherwise()
    {
        var folding = new Folding();
        RandomStream.Of(10, 60).ForEach(source => folding.Fold(source));
        var bytes = folding.Bytes();
        var random = new Random(10);
        var refused = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] = 0xFF;
            try
            {
                UserProfile.Read("ann", damaged, new Vocabulary());
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 4_999);
    }

    [Fact]
    public void A_newer_version_is_refused_by_name()
    {
        var bytes = new Folding().Bytes();
        bytes[0] = 3;

        Assert.Contains(
            "version 3", Assert.Throws<InvalidDataException>(() => UserProfile.Read("ann", bytes, new Vocabulary())).Message);
    }

    [Fact]
    public void A_profile_of_version_1_is_read_with_nothing_in_what_came_later()
    {
        var bytes = Convert.FromHexString(VersionOne);

        var words = new Vocabulary();
        var read = UserProfile.Read("ann", bytes, words);

        Assert.Equal(1, read.Total("view"));
        Assert.Equal("boot", words[read.RecentItems[0].Item]);
        Assert.Equal(0, read.LastAt("view"));
        Assert.Equal(0, read.Commerce.Orders);
        Assert.Equal(Folding.Bytes(read, words), Folding.Bytes(UserProfile.Read("ann", Folding.Bytes(read, words), words), words));
    }

    [Fact]
    public void A_warm_profile_folds_an_event_with_less_than_64_bytes()
    {
        // DESIGN §7. The events are made beforehand: 10 000 over three weeks, after as many to warm up.
        var folding = new Folding();
        var events = Enumerable.Range(0, 20_000).Select(i => Happened.Event(
            i % 3 == 0 ? "click" : "view", Happened.Monday + (i * 90_000L), $"item{i * 7 % 1000}", $"category{i % 20}", $"brand{i % 20}")).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            if (i % 50 == 0)
            {
                events[i].Expose([new($"experiment{i % 4}", 1 + (i / 5000), "a")]);
            }
        }

        foreach (var source in events.AsSpan(0, 10_000))
        {
            folding.Fold(source);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var source in events.AsSpan(10_000))
        {
            folding.Fold(source);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10_000.0, 0, 64);
    }
}
