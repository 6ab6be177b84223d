using System.Text;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Events;

namespace Personalization.Conformance.Tests;

internal static partial class Scenarios
{
    public static async Task Features_are_what_decisions_see(IConformingHost host)
    {
        await ConfigureAsync(host);
        var change = Change("""
            {"features":{"minutes":{"accumulate":"sum","event":"watch","property":"minutes","where":{"genre":"sports"},"window":"1d"},
                         "watcher":{"derive":"threshold","of":["custom.minutes"],"atLeast":30}},
             "segments":{"fan":{"condition":{"custom.watcher":true}}},
             "placements":{"hero":{"experiences":[{"id":"welcome-back","audience":{"segments.fan":true,"session.views":{"$gte":1}}}]}}}
            """);
        Assert.Equal(Core.Configuration.ChangeStatus.Applied, (await host.Personalizer.ChangeAsync(change, default)).Status);
        await host.SettleAsync();

        await host.Personalizer.IngestAsync([Watch("1", 20, "sports"), Watch("2", 90, "news")], default);
        Assert.Null((await DecideAsync()).Placements[0].Experience);
        var receipt = await host.Personalizer.IngestAsync(
            [Watch("3", 15, "sports"), Event(EventTypes.View, "viewer", "4", "shoe", DateTimeOffset.UtcNow)], default);
        var decision = await DecideAsync(receipt.ProfileVersion);
        Assert.Equal("welcome-back", decision.Placements[0].Experience?.Id);

        // The same names give the same values, before the log has brought the events back and after.
        for (var i = 0; i < 2; i++)
        {
            var vector = await host.Personalizer.FindFeaturesAsync("viewer", ["custom.minutes", "segments.fan", "session.views", "no.such"], default);
            Assert.Equal(
                [("custom.minutes", AttributeValue.From(35)), ("segments.fan", AttributeValue.From(true)), ("session.views", AttributeValue.From(1))],
                vector!.Values.Select(value => (value.Name, value.Value)));
            Assert.All(decision.Features, noted => Assert.Contains(noted, vector.Values));
            await host.SettleAsync();
        }

        var all = await host.Personalizer.FindFeaturesAsync("viewer", null, default);
        Assert.Contains(all!.Values, value => value.Name == "events.watch.total" && value.Value == AttributeValue.From(3));
        Assert.Null(await host.Personalizer.FindFeaturesAsync("nobody", null, default));

        // What was contributed is in the log: a replay without the feature's declaration gives the same.
        await host.ReplayAsync(0);
        Assert.Equal(35, (await host.Personalizer.FindFeaturesAsync("viewer", ["custom.minutes"], default))!.Values[0].Value.Number);

        ValueTask<Decision> DecideAsync(long version = 0) => host.Personalizer.DecideAsync(
            new DecisionRequest { AnonymousId = "viewer", Placements = ["hero"], MinProfileVersion = version }, default);
    }

    private static Event Watch(string messageId, double minutes, string genre)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var json = FormattableString.Invariant(
            $$"""{"messageId":"{{messageId}}","type":"watch","anonymousId":"viewer","properties":{"minutes":{{minutes}},"genre":"{{genre}}"} }""");
        return EventBatchReader.ReadOne(Encoding.UTF8.GetBytes(json), now, out _)!;
    }
}
