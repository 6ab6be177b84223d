using System.Text.Json;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;

namespace Personalization.Conformance.Tests;

/// <summary>What predictors do alike in every host.</summary>
internal static class PredictionScenarios
{
    public static async Task A_probability_that_was_configured_chooses_the_experience(IConformingHost host)
    {
        await ConfigureAsync(host, """
            {"predictors":{"intent.purchase":{"kind":"logistic","intercept":-2,"inputs":[{"feature":"session.views","coefficient":1}]}},
             "experiences":{"sure":{"patches":[]},"unsure":{"patches":[]}},
             "placements":{"hero":{"experiences":[{"id":"sure","audience":{"intent.purchase":{"$gte":0.5}}},{"id":"unsure"}]}}}
            """);
        Assert.Equal("unsure", await ShownAsync(host, "p"));
        await host.Personalizer.IngestAsync([View("p", "1"), View("p", "2"), View("p", "3")], default);
        Assert.Equal("sure", await ShownAsync(host, "p"));

        // A new version of the document is followed at once.
        await ConfigureAsync(host, """
            {"predictors":{"intent.purchase":{"kind":"logistic","intercept":-9,"inputs":[{"feature":"session.views","coefficient":1}]}}}
            """);
        Assert.Equal("unsure", await ShownAsync(host, "p"));
    }

    private static async Task<string?> ShownAsync(IConformingHost host, string person) =>
        (await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = person }, default)).Placements[0].Experience?.Id;

    private static async Task ConfigureAsync(IConformingHost host, string json)
    {
        var problems = new List<Core.Problem>();
        var change = ChangeReader.Read(JsonElement.Parse(json), problems);
        Assert.Empty(problems);
        var outcome = await host.Personalizer.ChangeAsync(change, default);
        Assert.Equal(ChangeStatus.Applied, outcome.Status);
        await host.SettleAsync();
    }

    private static Event View(string person, string messageId)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return new Event { MessageId = messageId, Type = EventTypes.View, Timestamp = now, ReceivedAt = now, AnonymousId = person, ItemId = "shoe" };
    }
}
