using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Segments;

namespace Personalization.Node.Tests.Segments;

/// <summary>What is asked about segments is answered from members and people as they are.</summary>
public sealed class SegmentQueryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Sizes_samples_and_overlaps_are_those_of_the_members()
    {
        using var server = new SegmentNode(_folder.Path);
        foreach (var type in (string[])["two", "three", "five"])
        {
            await server.PutAsync(type, $$"""{"events.{{type}}.total":{"$gte":1} }""");
        }

        await server.HappenAsync("two", Divisible(2));
        await server.HappenAsync("three", Divisible(3));
        await server.HappenAsync("five", Divisible(5));
        await server.UntilSizeAsync("two", 300);
        await server.UntilSizeAsync("three", 200);
        await server.UntilSizeAsync("five", 120);

        var overlap = await server.Node.OverlapSegmentsAsync(["two", "three", "five"], default);
        Assert.Equal([("two", 300), ("three", 200), ("five", 120)], overlap.Sizes);
        Assert.Equal([("three", 100), ("five", 60)], overlap.Pairs);
        Assert.Equal(20, overlap.All);

        var sample = (await server.Node.SampleSegmentAsync("three", 50, default))!;
        Assert.Equal(50, sample.Distinct().Count());
        Assert.Subset(Divisible(3).ToHashSet(), sample.ToHashSet());
        Assert.Equal(200, (await server.Node.SampleSegmentAsync("three", 1_000, default))!.Count);
        Assert.Null(await server.Node.SampleSegmentAsync("seven", 1, default));
    }

    [Fact]
    public async Task Samples_favour_nobody()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("all", """{"profile.known":true}""");
        await server.HappenAsync(EventTypes.View, Enumerable.Range(0, 100).Select(i => $"person-{i:D3}"));
        await server.UntilSizeAsync("all", 100);

        var drawn = new Dictionary<string, int>();
        for (var i = 0; i < 1_000; i++)
        {
            foreach (var person in (await server.Node.SampleSegmentAsync("all", 10, default))!)
            {
                drawn[person] = drawn.GetValueOrDefault(person) + 1;
            }
        }

        // Each is expected 100 times. A place between hashes is chosen, and the widest of 100 gaps is some five times the mean one: ten
        // neighbours together even that out. Somebody never or constantly drawn would show at once.
        Assert.Equal(100, drawn.Count);
        Assert.All(drawn.Values, count => Assert.InRange(count, 10, 350));
    }

    [Fact]
    public async Task A_preview_of_few_people_asks_them_all()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.HappenAsync(EventTypes.View, Divisible(1));
        await server.HappenAsync("three", Divisible(3));

        var preview = await PreviewAsync(server, """{"condition":{"events.three.total":{"$gte":1}}}""");

        Assert.Equal((600, 600, 200), (preview.People, preview.Sampled, preview.Matched));
        Assert.Equal((200 / 600.0, 200 / 600.0), preview.Share);
        Assert.Equal(10, preview.Examples.Count);
        Assert.Subset(Divisible(3).ToHashSet(), preview.Examples.ToHashSet());
        Assert.Null(await server.Node.SizeOfSegmentAsync("preview", default));
    }

    [Fact]
    public async Task A_preview_of_many_people_asks_some_and_says_how_sure_that_is()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.HappenAsync(EventTypes.View, Divisible(1));
        await server.HappenAsync("three", Divisible(3));
        server.Restart();

        var held = 0;
        for (var i = 0; i < 60; i++)
        {
            var preview = await PreviewAsync(server, """{"condition":{"events.three.total":{"$gte":1}},"sample":100}""");
            Assert.Equal((600, 100), (preview.People, preview.Sampled));
            var (low, high) = preview.Share;
            held += low <= 1 / 3.0 && 1 / 3.0 <= high ? 1 : 0;
        }

        // 95 % confidence, and a little more because the sample is a sixth of all: fewer than 48 of 60 has a chance below 1e-5.
        Assert.InRange(held, 48, 60);
    }

    [Fact]
    public async Task A_preview_that_replaces_a_segment_tells_who_would_leave()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("three", """{"events.three.total":{"$gte":1}}""");
        await server.HappenAsync("three", Divisible(3));
        await server.HappenAsync("two", Divisible(2));
        await server.UntilSizeAsync("three", 200);

        var preview = await PreviewAsync(server, """{"condition":{"events.two.total":{"$gte":1}},"replaces":"three"}""");

        Assert.Equal(new SegmentReplacement("three", 200, 200, 100), preview.Replaced);
        Assert.Equal(300, preview.Matched);
        await server.UntilSizeAsync("three", 200);
    }

    [Fact]
    public async Task The_journal_goes_on_where_it_was_left_and_tells_what_it_no_longer_holds()
    {
        using var server = new SegmentNode(_folder.Path, journal: 20);
        await server.PutAsync("a", """{"events.a.total":{"$gte":1}}""");
        await server.PutAsync("b", """{"events.b.total":{"$gte":1}}""");
        await server.UntilSizeAsync("b", 0);
        var start = (await server.Node.ReadSegmentChangesAsync(null, null, default, default)).Position;

        var waiting = server.Node.ReadSegmentChangesAsync("b", start, TimeSpan.FromSeconds(30), default).AsTask();
        await server.HappenAsync("a", "ann");
        await server.HappenAsync("b", "bob");
        var page = await waiting;
        Assert.Equal(("b", "bob"), (page.Changes.Single().Segment, page.Changes.Single().Person));
        Assert.Empty((await server.Node.ReadSegmentChangesAsync("b", page.Position, TimeSpan.FromMilliseconds(1), default)).Changes);

        await server.HappenAsync("a", Enumerable.Range(0, 30).Select(i => $"p{i}"));
        await server.UntilSizeAsync("a", 31);
        server.Restart();
        var late = await server.Node.ReadSegmentChangesAsync(null, start, TimeSpan.FromSeconds(30), default);
        Assert.True(late.Missed);
        Assert.Equal(20, late.Changes.Count);
        Assert.False((await server.Node.ReadSegmentChangesAsync(null, late.Position, default, default)).Missed);
        await Assert.ThrowsAsync<FormatException>(async () => await server.Node.ReadSegmentChangesAsync(null, "yesterday", default, default));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<SegmentPreview> PreviewAsync(SegmentNode server, string json)
    {
        var problems = new List<Problem>();
        var draft = SegmentDraft.Read(JsonElement.Parse(json), server.Node.Configuration, problems);
        Assert.Empty(problems);
        return await server.Node.PreviewSegmentAsync(draft!, default);
    }

    private static IEnumerable<string> Divisible(int by) => Enumerable.Range(1, 600).Where(i => i % by == 0).Select(i => $"person-{i}");
}
