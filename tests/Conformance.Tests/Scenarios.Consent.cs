using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Conformance.Tests;

/// <content>What people chose.</content>
internal static partial class Scenarios
{
    public static async Task A_choice_is_kept_with_the_profile_and_on_record_once_however_often_the_log_comes(IConformingHost host)
    {
        await host.Personalizer.IngestAsync([Choice("ann", "1", denied: Purposes.Training), Choice("ann", "2", granted: Purposes.Analytics)], default);
        await host.SettleAsync();
        var profile = await host.Personalizer.FindProfileAsync("ann", default);
        Assert.Equal((Purposes.Analytics, Purposes.Training), (profile!.Consent.Granted, profile.Consent.Denied));

        await host.ReplayAsync(0);
        await host.ReplayAsync(1);

        var history = await host.Personalizer.ReadHistoryAsync("ann", default);
        Assert.Equal(2, history.Count);
        Assert.Contains("{\"training\":\"denied\"}", history[0].Details, StringComparison.Ordinal);
        Assert.Contains("{\"analytics\":\"granted\"}", history[1].Details, StringComparison.Ordinal);
        Assert.Empty(await host.Personalizer.ReadHistoryAsync("bob", default));
        await VerifyAsync(host);
    }

    public static async Task What_the_stored_choice_denies_is_taken_in_nowhere_and_the_person_is_a_stranger(IConformingHost host)
    {
        await ConfigureAsync(host);
        await host.Personalizer.IngestAsync([Event(EventTypes.Click, "ann", "1", "shoe", DateTimeOffset.UtcNow)], default);
        await host.Personalizer.IngestAsync([Choice("ann", "2", denied: Purposes.Personalization)], default);

        // Nothing is settled: the log may not have brought the choice back yet.
        var receipt = await host.Personalizer.IngestAsync([Event(EventTypes.Click, "ann", "3", "shoe", DateTimeOffset.UtcNow)], default);
        Assert.Equal((0, 1), (receipt.Accepted, receipt.Dropped));

        var decision = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "ann", Placements = ["hero"] }, default);
        Assert.Equal((null, 0), (decision.Placements[0].Experience?.Id, decision.ProfileVersion));
        Assert.Null(await host.Personalizer.FindDecisionAsync(decision.Id, default));

        await host.SettleAsync();
        var profile = await host.Personalizer.FindProfileAsync("ann", default);
        Assert.Empty(profile!.Events);
        Assert.Empty(profile.RecentItems);
    }

    public static async Task A_choice_holds_for_what_comes_behind_it_in_the_same_batch(IConformingHost host)
    {
        var receipt = await host.Personalizer.IngestAsync(
            [
                Event(EventTypes.View, "ann", "1", "shoe", DateTimeOffset.UtcNow),
                Choice("ann", "2", denied: Purposes.Personalization),
                Event(EventTypes.View, "ann", "3", "sock", DateTimeOffset.UtcNow),
                Event(EventTypes.View, "bob", "4", "sock", DateTimeOffset.UtcNow),
            ],
            default);

        Assert.Equal((3, 1), (receipt.Accepted, receipt.Dropped));
        await host.SettleAsync();
        Assert.Empty((await host.Personalizer.FindProfileAsync("ann", default))!.Events);
        Assert.Equal(1, (await host.Personalizer.FindProfileAsync("bob", default))!.Events["view"]["total"]);
    }

    public static async Task A_change_of_the_configuration_is_on_record(IConformingHost host)
    {
        await ConfigureAsync(host);
        await ConfigureAsync(host);

        var page = await host.Personalizer.ReadAuditAsync(0, 0, 100, default);
        var changes = page.Entries.Where(entry => entry.Kind == AuditKinds.Configuration).ToArray();
        Assert.Contains("\"segments/clicker\"", Assert.Single(changes).Details, StringComparison.Ordinal);
        Assert.Null(changes[0].Subject);
        await VerifyAsync(host);
    }

    private static async Task VerifyAsync(IConformingHost host)
    {
        var total = 0L;
        var chains = 1;
        for (var chain = 0; chain < chains; chain++)
        {
            var followed = new AuditChain();
            var page = await host.Personalizer.ReadAuditAsync(chain, 0, 1000, default);
            chains = page.Chains;
            Assert.All(page.Entries, entry => Assert.Null(followed.Follow(entry)));
            Assert.Null(followed.End(page.Head));
            total += followed.Sequence;
        }

        Assert.True(total > 0, "There is nothing to verify.");
    }

    private static Event Choice(string person, string messageId, Purposes granted = default, Purposes denied = default) =>
        Event(EventTypes.Consent, person, messageId, null, DateTimeOffset.UtcNow, consent: new Consent(granted, denied));
}
