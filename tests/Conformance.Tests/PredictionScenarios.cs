using System.Text.Json;
using Personalization.Core.Configuration;
using Personalization.Core.DeadLetters;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

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

    public static async Task A_program_sees_no_experiment_and_teaches_nothing(IConformingHost host)
    {
        await ConfigureAsync(host, """
            {"experiences":{"a":{"patches":[]},"list":{"recommend":{"strategies":["next","popular"],"limit":3},"output":"items"}},
             "placements":{"hero":{"experiences":[{"id":"a"}]},"recs":{"experiences":[{"id":"list"}]}},
             "experiments":{"x":{"placement":"hero","status":"running","variants":[{"key":"one","weight":1,"experience":"a"},{"key":"two","weight":0,"experience":"a"}]}},
             "items":[{"id":"shoe"},{"id":"sock"}]}
            """);

        // One who says so, and one who clicks three times a second for a minute.
        Event[] crawl = [View("bot", "1"), View("bot", "2", "sock")];
        foreach (var source in crawl)
        {
            source.MarkAutomated();
        }

        await host.Personalizer.IngestAsync(crawl, default);
        await host.Personalizer.IngestAsync([.. Enumerable.Range(0, 200).Select(i => View("fast", $"{i}"))], default);
        await host.Personalizer.IngestAsync([View("person", "1")], default);
        await host.SettleAsync();

        foreach (var (person, reason) in ((string, DecisionReason)[])[("bot", DecisionReason.Automated), ("fast", DecisionReason.Automated), ("person", DecisionReason.Experiment)])
        {
            var decision = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = person, Placements = ["hero"] }, default);
            Assert.Equal(reason, decision.Placements[0].Reason);
            var known = (await host.Personalizer.FindProfileAsync(person, default))!.Automation;
            Assert.Equal(reason == DecisionReason.Automated, known != AutomationReasons.None);
        }

        // The crawler went from shoe to sock; nobody else did.
        var recommended = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "person", Placements = ["recs"] }, default);
        Assert.All(recommended.Placements[0].Items, item => Assert.DoesNotContain("next", item.Reason, StringComparison.Ordinal));
        Assert.Empty(await host.Personalizer.ReadAlertsAsync(default));
    }

    public static async Task Dead_letters_are_found_everywhere_and_a_persons_can_be_removed(IConformingHost host)
    {
        DeadLetter Letter(string person, string code) => new()
        {
            ReceivedAt = 1000,
            Type = "view",
            AnonymousId = person,
            Problem = new Core.Problem("type", code, "Something is wrong."),
            Event = "{}"u8.ToArray(),
        };
        await host.Personalizer.KeepDeadLettersAsync([Letter("a", "required"), Letter("b", "too_long")], default);
        await host.Personalizer.KeepDeadLettersAsync([Letter("a", "too_long")], default);

        // Of one who denied it before nothing is kept.
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await host.Personalizer.IngestAsync([new Event
        {
            MessageId = "no",
            Type = EventTypes.Consent,
            Timestamp = now,
            ReceivedAt = now,
            AnonymousId = "denier",
            Consent = new Consent(Purposes.None, Purposes.Personalization),
        }], default);
        await host.SettleAsync();
        await host.Personalizer.KeepDeadLettersAsync([Letter("denier", "required")], default);

        var all = await host.Personalizer.FindDeadLettersAsync(new DeadLetterFilter(), default);
        Assert.Equal(["a", "b", "a"], all.Select(letter => letter.AnonymousId));
        Assert.True(all[0].Id > all[1].Id && all[1].Id > all[2].Id);
        Assert.Equal(2, (await host.Personalizer.FindDeadLettersAsync(new DeadLetterFilter { Code = "too_long" }, default)).Count);
        Assert.Equal(2, await host.Personalizer.RemoveDeadLettersAsync(new DeadLetterFilter { Person = "a" }, default));
        Assert.Equal("b", Assert.Single(await host.Personalizer.FindDeadLettersAsync(new DeadLetterFilter(), default)).AnonymousId);
    }

    public static async Task A_published_schema_is_followed_everywhere(IConformingHost host)
    {
        var next = SchemaPublication.Next(host.Personalizer.Configuration.Set, "signup", JsonElement.Parse("""{"required":["plan"]}"""), true, out _)!.Value;
        Assert.Equal(ChangeStatus.Applied, (await host.Personalizer.ChangeAsync(next.Change!, default)).Status);
        await host.SettleAsync();
        for (var process = 0; process < 2; process++)
        {
            Assert.Equal("properties.plan", host.Personalizer.Configuration.Plan.Schemas.Check("signup", 0, JsonElement.Parse("{}"))?.Path);
        }
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

    private static Event View(string person, string messageId, string item = "shoe")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return new Event { MessageId = messageId, Type = EventTypes.View, Timestamp = now, ReceivedAt = now, AnonymousId = person, ItemId = item };
    }
}
