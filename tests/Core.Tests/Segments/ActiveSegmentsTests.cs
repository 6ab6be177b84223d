using Personalization.Core.Events;
using Personalization.Core.Segments;
using Personalization.Core.Tests.Profiles;
using static Personalization.Core.Tests.Events.Happened;

namespace Personalization.Core.Tests.Segments;

public sealed class ActiveSegmentsTests
{
    [Fact]
    public void An_event_asks_only_the_segments_it_can_change()
    {
        var clock = new SegmentClock(
            ("buyer", """{"events.purchase.30d":{"$gte":1}}"""),
            ("viewer", """{"events.view.1h":{"$gte":1}}"""),
            ("session", """{"session.events":{"$gte":3}}"""),
            ("of-viewer", """{"segments.viewer":true,"page.path":"/"}"""));

        Assert.Equal(["session", "viewer", "of-viewer"], Ids("view").OrderBy(id => id == "session" ? 0 : id == "viewer" ? 1 : 2));
        Assert.Equal(["buyer", "session"], Ids("purchase").Order());
        Assert.Equal(["session"], Ids("wishlist"));

        string[] Ids(string type) => [.. clock.Active.ChangedBy(type).ToArray().Select(segment => segment.Definition.Id)];
    }

    [Fact]
    public void Asking_what_an_event_can_change_finds_the_same_as_asking_everything()
    {
        string[] types = [EventTypes.View, EventTypes.Click, EventTypes.AddToCart, EventTypes.Purchase, EventTypes.Search, "wishlist"];
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var clock = new SegmentClock(
                ("a", """{"events.view.1h":{"$gte":3},"events.purchase.total":0}"""),
                ("b", """{"affinity.category.shoes":{"$gte":0.5}}"""),
                ("c", """{"top.category":"hats","session.number":{"$gte":2}}"""),
                ("d", """{"recent.items":{"$all":["i1","i2"]}}"""),
                ("e", """{"$nor":[{"segments.a":true},{"events.click.5m":{"$gte":2}}]}"""),
                ("f", """{"events.$other.total":{"$gte":1}}"""));
            var at = Monday;
            clock.Folding.Fold(EventTypes.Search, at);
            clock.AskAt(at);
            for (var i = 0; i < 200; i++)
            {
                var type = types[random.Next(types.Length)];
                clock.Folding.Fold(type, at, $"i{random.Next(4)}", random.Next(2) == 0 ? "shoes" : "hats");
                clock.AskAfter(type, at);
                Assert.True(clock.AskAt(at) is [], $"A change was missed (seed {seed}, event {i}, {type}).");
                at += random.Next(10) == 0 ? 2_000_000 : random.Next(5_000);
                clock.AskAt(at);
            }
        }
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var clock = new SegmentClock([.. Enumerable.Range(0, 20).Select(i => ($"s{i}", $$"""{"events.view.1h":{"$gte":{{i}}},"session.active":true}"""))]);
        clock.Folding.Fold(EventTypes.View, Monday);
        var evaluator = new SegmentEvaluator(clock.Folding.Words);
        var memberships = default(Memberships);
        var flips = new List<SegmentFlip>(64);
        evaluator.Evaluate(clock.Active.All, clock.Profile, Monday, ref memberships, flips);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            evaluator.Evaluate(clock.Active.ChangedBy(EventTypes.View), clock.Profile, Monday + i, ref memberships, flips);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2, flips.Count);
    }

    [Fact]
    public void Memberships_come_back_as_they_were_written()
    {
        var memberships = default(Memberships);
        foreach (var segment in (int[])[7, 300, 1, 70_000, 2])
        {
            Assert.True(memberships.Set(segment, member: true, (uint)segment * 2));
        }

        Assert.False(memberships.Set(7, member: true, 1));
        Assert.True(memberships.Set(2, member: false, 1));
        Assert.False(memberships.Set(3, member: false, 1));
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        memberships.Write(bytes);

        Assert.Equal([new(1, 2), new(7, 14), new(300, 600), new(70_000, 140_000)], Memberships.Read(bytes.WrittenSpan).Entries.ToArray());
        Assert.Throws<InvalidDataException>(() => Memberships.Read(bytes.WrittenSpan[..3]));
    }

    [Fact]
    public void Memberships_are_no_part_of_a_profile()
    {
        var with = new SegmentClock(("viewer", """{"events.view.total":{"$gte":1}}"""));
        var without = new Folding();
        with.Folding.Fold(EventTypes.View, Monday, message: "1");
        with.AskAt(Monday);
        without.Fold(EventTypes.View, Monday, message: "1");

        Assert.False(with.Memberships.IsEmpty);
        Assert.Equal(without.Bytes(), with.Folding.Bytes());
    }
}
