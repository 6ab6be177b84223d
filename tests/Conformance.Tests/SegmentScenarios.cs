using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Events;
using Personalization.Core.Segments;

namespace Personalization.Conformance.Tests;

/// <summary>What every host does alike about segments.</summary>
internal static class SegmentScenarios
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task Memberships_follow_events_and_configuration(IConformingHost host)
    {
        await HappenAsync(host, "early", EventTypes.View, "ann", "bob", "cleo");
        await PutAsync(host, """{"segments":{"viewer":{"condition":{"events.view.1h":{"$gte":1}}},"buyer":{"condition":{"events.purchase.total":{"$gte":1}}}}}""");
        await UntilSizeAsync(host, "viewer", 3);

        await HappenAsync(host, "late", EventTypes.Purchase, "bob", "dan");
        await UntilSizeAsync(host, "buyer", 2);
        await HappenAsync(host, "later", EventTypes.View, "dan");
        await UntilSizeAsync(host, "viewer", 4);

        var overlap = await host.Personalizer.OverlapSegmentsAsync(["viewer", "buyer"], default);
        Assert.Equal([("viewer", 4), ("buyer", 2)], overlap.Sizes);
        Assert.Equal([("buyer", 2)], overlap.Pairs);
        Assert.Equal(2, overlap.All);
        Assert.Equal(["bob", "dan"], (await host.Personalizer.SampleSegmentAsync("buyer", 10, default))!.Order());

        await PutAsync(host, """{"segments":{"viewer":{"condition":{"events.view.1h":{"$gte":1},"events.purchase.total":0}}}}""");
        await UntilSizeAsync(host, "viewer", 2);
        Assert.Equal(
            ["+buyer bob", "+buyer dan", "+viewer ann", "+viewer bob", "+viewer cleo", "+viewer dan", "-viewer bob", "-viewer dan"],
            (await JournalAsync(host, 8)).Order(StringComparer.Ordinal));
        Assert.Equal(["buyer"], (await host.Personalizer.FindProfileAsync("bob", default))!.Segments);
    }

    public static async Task Time_alone_moves_people(IConformingHost host)
    {
        await PutAsync(host, """{"segments":{"just-now":{"condition":{"events.view.1m":{"$gte":1}}}}}""");

        await UntilSizeAsync(host, "just-now", 0);

        // It happened 40 seconds ago, and the window's panes are 5 seconds long: there are 20 to 25 seconds left to be seen in it.
        var at = DateTimeOffset.UtcNow.AddSeconds(-40);
        await host.Personalizer.IngestAsync([Scenarios.Event(EventTypes.View, "ann", "1", "shoe", at, DateTimeOffset.UtcNow)], default);
        await host.SettleAsync();

        await UntilSizeAsync(host, "just-now", 1);
        await UntilSizeAsync(host, "just-now", 0);
        Assert.Equal(["+just-now ann", "-just-now ann"], await JournalAsync(host, 2));
    }

    public static async Task A_replay_tells_no_change_twice(IConformingHost host)
    {
        await PutAsync(host, """{"segments":{"viewer":{"condition":{"events.view.1d":{"$gte":1}}},"keen":{"condition":{"events.view.1d":{"$gte":5}}}}}""");
        for (var i = 0; i < 6; i++)
        {
            await HappenAsync(host, $"r{i}", EventTypes.View, "ann", "bob");
        }

        await UntilSizeAsync(host, "keen", 2);
        foreach (var from in (int[])[0, 3])
        {
            await host.ReplayAsync(from);
        }

        await HappenAsync(host, "last", EventTypes.View, "cleo");
        await UntilSizeAsync(host, "viewer", 3);
        Assert.Equal(
            ["+keen ann", "+keen bob", "+viewer ann", "+viewer bob", "+viewer cleo"],
            (await JournalAsync(host, 5)).Order(StringComparer.Ordinal));
        var position = (await host.Personalizer.ReadSegmentChangesAsync(null, null, default, default)).Position;
        Assert.Empty((await host.Personalizer.ReadSegmentChangesAsync(null, position, default, default)).Changes);
    }

    public static async Task A_segment_is_tried_before_it_is_saved(IConformingHost host)
    {
        await PutAsync(host, """{"segments":{"viewer":{"condition":{"events.view.total":{"$gte":1}}}}}""");
        await HappenAsync(host, "v", EventTypes.View, [.. Enumerable.Range(0, 30).Select(i => $"p{i}")]);
        await HappenAsync(host, "b", EventTypes.Purchase, [.. Enumerable.Range(0, 12).Select(i => $"p{i}")]);
        await UntilSizeAsync(host, "viewer", 30);

        var preview = await PreviewAsync(host, """{"condition":{"events.purchase.total":{"$gte":1}},"replaces":"viewer"}""");

        Assert.Equal((30, 30, 12), (preview.People, preview.Sampled, preview.Matched));
        Assert.Equal(10, preview.Examples.Distinct().Count());
        Assert.Equal(new SegmentReplacement("viewer", 30, 30, 18), preview.Replaced);
        Assert.Equal(5, (await PreviewAsync(host, """{"condition":{},"sample":5}""")).Sampled);
        await UntilSizeAsync(host, "viewer", 30);
    }

    private static async Task<SegmentPreview> PreviewAsync(IConformingHost host, string json)
    {
        var problems = new List<Problem>();
        var draft = SegmentDraft.Read(JsonElement.Parse(json), host.Personalizer.Configuration, problems);
        Assert.Empty(problems);
        return await host.Personalizer.PreviewSegmentAsync(draft!, default);
    }

    private static async Task PutAsync(IConformingHost host, string json)
    {
        Assert.Equal(ChangeStatus.Applied, (await host.Personalizer.ChangeAsync(Scenarios.Change(json), default)).Status);
        await host.SettleAsync();
    }

    private static async Task HappenAsync(IConformingHost host, string message, string type, params string[] people)
    {
        await host.Personalizer.IngestAsync([.. people.Select(person => Scenarios.Event(type, person, message, "shoe", DateTimeOffset.UtcNow))], default);
        await host.SettleAsync();
    }

    private static async Task UntilSizeAsync(IConformingHost host, string segment, long members)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (await host.Personalizer.SizeOfSegmentAsync(segment, default) is not { IsComplete: true } size || size.Members != members)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<string[]> JournalAsync(IConformingHost host, int entries)
    {
        var all = new List<SegmentChange>();
        var position = "0";
        while (all.Count < entries)
        {
            var page = await host.Personalizer.ReadSegmentChangesAsync(null, position, Limit, default);
            Assert.NotEmpty(page.Changes);
            all.AddRange(page.Changes);
            position = page.Position;
        }

        return [.. all.Select(change => $"{(change.Kind == SegmentChangeKind.Enter ? "+" : "-")}{change.Segment} {change.Person}")];
    }
}
