using Personalization.Core.Events;

namespace Personalization.Node.Tests.Segments;

/// <summary>Memberships follow events, time and configuration, in memory and at rest.</summary>
public sealed class MembershipTests : IDisposable
{
    private const string Viewer = """{"events.view.1h":{"$gte":1}}""";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Who_does_something_enters_and_leaves_when_the_window_has_passed_it()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("viewer", Viewer);
        await server.UntilSizeAsync("viewer", 0);

        await server.HappenAsync(EventTypes.View, "ann", "bob");
        await server.UntilSizeAsync("viewer", 2);
        server.Time.Pass(TimeSpan.FromMinutes(55));
        await server.HappenAsync(EventTypes.View, "bob");
        server.Time.Pass(TimeSpan.FromMinutes(5));
        await server.UntilSizeAsync("viewer", 1);

        Assert.Equal(["+viewer ann", "+viewer bob", "-viewer ann"], await server.JournalAsync(3));
        Assert.Equal(["bob"], (await server.Node.SampleSegmentAsync("viewer", 10, default))!);
        Assert.Empty((await server.Node.FindProfileAsync("ann", default))!.Segments);
    }

    [Fact]
    public async Task Time_moves_people_who_are_not_in_memory_and_those_a_restart_has_forgotten()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("viewer", Viewer);
        await server.HappenAsync(EventTypes.View, "ann");
        await server.UntilSizeAsync("viewer", 1);
        server.Restart();
        Assert.Equal(0, server.Node.Statistics.HotProfiles);

        server.Time.Pass(TimeSpan.FromHours(1));

        await server.UntilSizeAsync("viewer", 0);
        Assert.Equal(["+viewer ann", "-viewer ann"], await server.JournalAsync(2));
        await SegmentNode.UntilAsync(() => Task.FromResult(server.Node.Statistics.HotProfiles == 0));
    }

    [Fact]
    public async Task A_new_segment_asks_everybody_there_is_and_a_changed_one_again()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.HappenAsync(EventTypes.View, Enumerable.Range(0, 1_700).Select(i => $"p{i:D4}"));
        await server.HappenAsync(EventTypes.Purchase, Enumerable.Range(0, 40).Select(i => $"p{i:D4}"));
        server.Restart();

        await server.PutAsync("viewer", Viewer);
        await server.UntilSizeAsync("viewer", 1_700);
        await server.PutAsync("viewer", """{"events.view.1h":{"$gte":1},"events.purchase.total":0}""");
        await server.UntilSizeAsync("viewer", 1_660);

        var left = (await server.JournalAsync(1_740))[1_700..];
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"-viewer p{i:D4}"), left.Order());
    }

    [Fact]
    public async Task People_who_were_asked_about_a_new_segment_are_still_moved_by_time()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.HappenAsync(EventTypes.View, "ann");
        server.Restart();
        await server.PutAsync("viewer", Viewer);
        await server.UntilSizeAsync("viewer", 1);

        server.Time.Pass(TimeSpan.FromHours(1));

        await server.UntilSizeAsync("viewer", 0);
    }

    [Fact]
    public async Task Whoever_is_known_at_all_is_in_a_segment_of_those_who_never_did_something()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("never-bought", """{"events.purchase.total":0}""");

        await server.HappenAsync(EventTypes.View, "ann", "bob");
        await server.UntilSizeAsync("never-bought", 2);
        await server.HappenAsync(EventTypes.Purchase, "bob");
        await server.UntilSizeAsync("never-bought", 1);
    }

    [Fact]
    public async Task A_device_that_is_joined_to_a_login_leaves_and_the_login_is_asked_anew()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("viewer", Viewer);
        await server.HappenAsync(EventTypes.View, "device");
        await server.UntilSizeAsync("viewer", 1);

        await server.Node.IngestAsync(
            [new Event { MessageId = "i", Type = EventTypes.Identify, Timestamp = Now(server), ReceivedAt = Now(server), AnonymousId = "device", UserId = "ann" }], default);

        Assert.Equal(["+viewer ann", "+viewer device", "-viewer device"], (await server.JournalAsync(3)).Order(StringComparer.Ordinal));
        Assert.Equal(["ann"], (await server.Node.SampleSegmentAsync("viewer", 10, default))!);

        static long Now(SegmentNode server) => server.Time.Now.ToUnixTimeMilliseconds();
    }

    [Fact]
    public async Task Of_somebody_who_is_forgotten_nothing_is_left_and_nobody_is_told()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("viewer", Viewer);
        await server.HappenAsync(EventTypes.View, "ann", "bob");
        await server.UntilSizeAsync("viewer", 2);

        server.Node.ForgetMemberships(["ann"]);

        await server.UntilSizeAsync("viewer", 1);
        Assert.Equal(["bob"], (await server.Node.SampleSegmentAsync("viewer", 10, default))!);
        Assert.Equal(["+viewer bob"], await server.JournalAsync(1));
    }

    [Fact]
    public async Task A_deleted_segment_is_cleared_and_put_again_it_begins_anew()
    {
        using var server = new SegmentNode(_folder.Path);
        await server.PutAsync("viewer", Viewer);
        await server.HappenAsync(EventTypes.View, "ann");
        await server.UntilSizeAsync("viewer", 1);

        await server.RemoveAsync("viewer");
        await SegmentNode.UntilAsync(async () => await server.Node.SizeOfSegmentAsync("viewer", default) is null);
        await server.PutAsync("viewer", """{"events.view.1d":{"$gte":1}}""");
        await server.UntilSizeAsync("viewer", 1);

        Assert.Equal(["+viewer ann", "xviewer", "+viewer ann"], await server.JournalAsync(3));
    }

    [Fact]
    public async Task Many_more_people_than_fit_into_memory_are_in_the_right_segments()
    {
        using var server = new SegmentNode(_folder.Path, hot: 100);
        await server.PutAsync("odd", """{"events.odd.total":{"$gte":1}}""");
        await server.PutAsync("viewer", Viewer);
        for (var round = 0; round < 5; round++)
        {
            await server.HappenAsync(EventTypes.View, Enumerable.Range(0, 900).Select(i => $"p{i}"));
            await server.HappenAsync("odd", Enumerable.Range(0, 900).Where(i => i % 2 == 1).Select(i => $"p{i}"));
        }

        await server.UntilSizeAsync("odd", 450);
        await server.UntilSizeAsync("viewer", 900);
        var overlap = await server.Node.OverlapSegmentsAsync(["viewer", "odd"], default);
        Assert.Equal(450, overlap.All);

        server.Time.Pass(TimeSpan.FromHours(1));
        await server.UntilSizeAsync("viewer", 0);
        Assert.Equal(0, (await server.Node.OverlapSegmentsAsync(["viewer", "odd"], default)).All);
        Assert.Equal(450 + 900 + 900, (await server.JournalAsync(2_250)).Distinct().Count());
    }

    public void Dispose() => _folder.Dispose();
}
