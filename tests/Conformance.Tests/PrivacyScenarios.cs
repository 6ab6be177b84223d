using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Training;

namespace Personalization.Conformance.Tests;

/// <summary>What people may ask every host for.</summary>
internal static class PrivacyScenarios
{
    public static async Task An_erased_person_is_unknown_to_everything_and_others_are_not(IConformingHost host)
    {
        await VisitAsync(host, "gone", "1");
        await VisitAsync(host, "stays", "1");
        var decision = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "gone" }, default);
        await host.SettleAsync();

        // So that what is folded is stored, in the host that stores behind.
        await EraseAsync(host, "nobody");
        var receipt = await EraseAsync(host, "gone");

        Assert.NotNull(receipt.FinishedAt);
        Assert.Equal(new ErasedCounts(1, 1, 1), receipt.Erased);
        Assert.Null(await host.Personalizer.FindProfileAsync("gone", default));
        Assert.Null(await host.Personalizer.FindDecisionAsync(decision.Id, default));
        Assert.Null(await host.Personalizer.ExportAsync("gone", default));
        Assert.NotNull(await host.Personalizer.FindProfileAsync("stays", default));
        Assert.Equal(1, (await host.Personalizer.FindErasureAsync(receipt.Id, default))!.Done);
        Assert.Equal(default, (await EraseAsync(host, "gone")).Erased);
    }

    public static async Task A_log_that_is_read_again_brings_nobody_back(IConformingHost host)
    {
        await VisitAsync(host, "gone", "before");
        await EraseAsync(host, "gone");
        await VisitAsync(host, "gone", "after");
        await host.SettleAsync();
        var state = await host.StateOfAsync("gone");
        Assert.Equal(1, (await host.Personalizer.FindProfileAsync("gone", default))!.Events[EventTypes.View]["total"]);

        foreach (var from in (int[])[0, 1, 2])
        {
            await host.ReplayAsync(from);
            Assert.Equal(state, await host.StateOfAsync("gone"));
        }
    }

    public static async Task What_is_exported_is_all_that_is_kept(IConformingHost host)
    {
        await VisitAsync(host, "ann", "1");
        var decision = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "ann" }, default);
        await host.SettleAsync();
        await EraseAsync(host, "nobody");

        var export = (await host.Personalizer.ExportAsync("ann", default))!;

        Assert.Equal(1, export.Profile!.Events[EventTypes.View]["total"]);
        Assert.Equal(decision.Id, Assert.Single(export.Decisions).Id);
        var session = Assert.Single(export.TrainingSessions);
        Assert.Equal([new TrainingStep(EventTypes.View, "shoe", 0)], session.Steps);
        Assert.Equal(Pseudonym.Length, session.Pseudonym.Length);
        Assert.Null(await host.Personalizer.ExportAsync("nobody", default));
    }

    private static async Task<Erasure> EraseAsync(IConformingHost host, string person)
    {
        var erasing = host.Personalizer.EraseAsync([person], default).AsTask();
        while (!erasing.IsCompleted)
        {
            // The log brings the mark.
            await host.SettleAsync();
            await Task.Delay(10);
        }

        return await erasing;
    }

    private static async Task VisitAsync(IConformingHost host, string person, string messageId)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await host.Personalizer.IngestAsync(
            [
                new Event
                {
                    MessageId = messageId,
                    Type = EventTypes.View,
                    Timestamp = now,
                    ReceivedAt = now,
                    AnonymousId = person,
                    ItemId = "shoe",
                },
            ], default);
    }
}
