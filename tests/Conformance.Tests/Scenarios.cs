using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Conformance.Tests;

/// <summary>What every host does alike, told through the port alone.</summary>
internal static partial class Scenarios
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddMinutes(-30);

    /// <summary>A stream with everything in it: several people, all types, duplicates, late and old events, consent.</summary>
    public static Event[] Stream(int seed, int length)
    {
        var random = new Random(seed);
        string[] types = [EventTypes.View, EventTypes.Click, EventTypes.AddToCart, EventTypes.Purchase, EventTypes.Search, "wishlist"];
        return [.. Enumerable.Range(0, length).Select(i =>
        {
            var received = Start.AddSeconds(i * 2);
            var happened = received.AddSeconds(-random.Next(random.Next(20) == 0 ? 100_000_000 : 30));
            return Event(
                types[random.Next(types.Length)],
                $"person-{random.Next(6)}",
                random.Next(15) == 0 ? $"m{random.Next(i + 1)}" : $"m{i}",
                $"item-{random.Next(12)}",
                happened,
                received,
                random.Next(10) == 0 ? new Consent(default, Purposes.Training) : random.Next(20) == 0 ? new Consent(default, Purposes.Personalization) : default);
        })];
    }

    /// <summary>Takes a stream in, settling now and then, and tells the state of everybody.</summary>
    public static async Task<string> StatesAfterAsync(IConformingHost host, Event[] stream)
    {
        foreach (var some in stream.Chunk(37))
        {
            await host.Personalizer.IngestAsync(some, default);
            if (some[0].MessageId.EndsWith('7'))
            {
                await host.SettleAsync();
            }
        }

        await host.SettleAsync();
        return await StatesAsync(host);
    }

    public static async Task<string> StatesAsync(IConformingHost host)
    {
        var states = new List<string>();
        for (var person = 0; person < 6; person++)
        {
            states.Add(Convert.ToHexString(await host.StateOfAsync($"person-{person}") ?? []));
        }

        return string.Join('\n', states);
    }

    public static async Task A_replay_of_any_suffix_changes_nothing(IConformingHost host)
    {
        var stream = Stream(seed: 3, length: 200);
        var before = await StatesAfterAsync(host, stream);
        foreach (var from in (int[])[0, 1, 57, 150])
        {
            await host.ReplayAsync(from);
            Assert.Equal(before, await StatesAsync(host));
        }
    }

    public static async Task A_decision_sees_what_was_acknowledged_before_it_was_asked(IConformingHost host)
    {
        await ConfigureAsync(host);
        for (var i = 0; i < 50; i++)
        {
            // Nothing is settled here: the log has not brought these events back.
            var receipt = await host.Personalizer.IngestAsync([Event(EventTypes.Click, $"quick-{i}", "1", "shoe", DateTimeOffset.UtcNow)], default);
            var decision = await host.Personalizer.DecideAsync(
                new DecisionRequest { AnonymousId = $"quick-{i}", Placements = ["hero"], MinProfileVersion = receipt.ProfileVersion }, default);
            Assert.Equal("welcome-back", decision.Placements[0].Experience?.Id);
            Assert.False(decision.IsStale);
        }
    }

    public static async Task A_decision_is_found_again_with_what_it_was_made_from(IConformingHost host)
    {
        await ConfigureAsync(host);
        var decision = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "a" }, default);
        var found = await host.Personalizer.FindDecisionAsync(decision.Id, default);
        Assert.Equal(["hero", "recs"], found!.Placements.Select(placement => placement.Name));
        Assert.Contains(found.Features, feature => feature.Name == "events.click.1h");
    }

    public static async Task An_exposed_person_keeps_the_variant_when_weights_change(IConformingHost host)
    {
        await ConfigureAsync(host);
        await PutExperimentAsync(host, 1, 0);
        var first = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "sticky", Placements = ["hero"] }, default);
        var seen = Event(EventTypes.Impression, "sticky", "1", null, DateTimeOffset.UtcNow, decision: first.Id.ToString());
        await host.Personalizer.IngestAsync([seen], default);

        await PutExperimentAsync(host, 0, 1);
        var exposed = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "sticky", Placements = ["hero"] }, default);
        var fresh = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "fresh", Placements = ["hero"] }, default);

        Assert.Equal("a", exposed.Placements[0].Variant?.Key);
        Assert.Equal(DecisionReason.Sticky, exposed.Placements[0].Reason);
        Assert.Equal("b", fresh.Placements[0].Variant?.Key);
    }

    public static async Task People_are_recommended_what_others_went_on_to(IConformingHost host)
    {
        await ConfigureAsync(host);
        for (var i = 0; i < 20; i++)
        {
            var at = DateTimeOffset.UtcNow.AddMinutes(-1);
            await host.Personalizer.IngestAsync(
                [Event(EventTypes.View, $"walker-{i}", "1", "shoe", at), Event(EventTypes.View, $"walker-{i}", "2", "sock", at.AddSeconds(5))], default);
        }

        await host.SettleAsync();
        await host.Personalizer.IngestAsync([Event(EventTypes.View, "newcomer", "1", "shoe", DateTimeOffset.UtcNow)], default);
        var decision = await host.Personalizer.DecideAsync(new DecisionRequest { AnonymousId = "newcomer", Placements = ["recs"] }, default);

        Assert.Equal("sock", decision.Placements[0].Items[0].Item.Id);
        Assert.Equal("next:shoe", decision.Placements[0].Items[0].Reason);
    }

    public static async Task A_change_with_a_fault_changes_nothing_and_a_lost_race_is_told(IConformingHost host)
    {
        await ConfigureAsync(host);
        var revision = host.Personalizer.Configuration.Plan.Revision;
        var faulty = Change("""{"experiences":{"new":{"patches":[]}},"placements":{"hero":{"experiences":[{"id":"missing"}]}}}""");
        var refused = await host.Personalizer.ChangeAsync(faulty, default);
        Assert.Equal(ChangeStatus.Invalid, refused.Status);
        Assert.Equal("placements.hero.experiences[0].id", Assert.Single(refused.Problems).Path);

        var late = Change("""{"placements":{"hero":{"experiences":[]}}}""") with { IfRevision = revision + 7 };
        Assert.Equal(ChangeStatus.RevisionMismatch, (await host.Personalizer.ChangeAsync(late, default)).Status);
        await host.SettleAsync();
        Assert.Equal(revision, host.Personalizer.Configuration.Plan.Revision);
        Assert.Null(host.Personalizer.Configuration.Set.Find(ConfigurationKind.Experience, "new"));
    }

    private static async Task ConfigureAsync(IConformingHost host)
    {
        var outcome = await host.Personalizer.ChangeAsync(Change("""
            {"segments":{"clicker":{"condition":{"events.click.1h":{"$gte":1}}}},
             "experiences":{"welcome-back":{"patches":[{"op":"setText","selector":"h1","text":"Hello again"}]},
                            "other":{"patches":[{"op":"setText","selector":"h1","text":"Hello"}]},
                            "list":{"recommend":{"strategies":["next","popular"],"limit":3},"output":"items"}},
             "placements":{"hero":{"experiences":[{"id":"welcome-back","audience":{"segments.clicker":true,"events.click.1h":{"$gte":1}}}]},
                           "recs":{"experiences":[{"id":"list"}]}},
             "items":[{"id":"shoe","category":"shoes"},{"id":"sock","category":"socks"},{"id":"hat"}]}
            """), default);
        Assert.Equal(ChangeStatus.Applied, outcome.Status);
        await host.SettleAsync();
    }

    private static async Task PutExperimentAsync(IConformingHost host, int a, int b)
    {
        var outcome = await host.Personalizer.ChangeAsync(Change($$$"""
            {"experiments":{"test":{"placement":"hero","status":"running","variants":[
              {"key":"a","weight":{{{a}}},"experience":"welcome-back"},{"key":"b","weight":{{{b}}},"experience":"other"}] } } }
            """), default);
        Assert.Equal(ChangeStatus.Applied, outcome.Status);
        await host.SettleAsync();
    }

    internal static ConfigurationChange Change(string json)
    {
        var problems = new List<Problem>();
        var change = ChangeReader.Read(JsonElement.Parse(json), problems);
        Assert.Empty(problems);
        return change;
    }

    internal static Event Event(
        string type,
        string person,
        string messageId,
        string? item,
        DateTimeOffset at,
        DateTimeOffset? received = null,
        Consent consent = default,
        string? decision = null) => new()
        {
            MessageId = messageId,
            Type = type,
            Timestamp = Math.Max(0, at.ToUnixTimeMilliseconds()),
            ReceivedAt = (received ?? at).ToUnixTimeMilliseconds(),
            AnonymousId = person,
            ItemId = item,
            Consent = consent,
            DecisionId = decision,
        };
}
