using System.Text.Json;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Conformance.Tests;

/// <summary>What every host does alike when devices log in.</summary>
internal static class IdentityScenarios
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddHours(-2);

    public static async Task A_login_takes_over_its_devices(IConformingHost host)
    {
        await IngestAsync(host, View("a1", null, 1, "shoe"), View("a1", null, 2, "sock"), View("a2", null, 3, "hat"));
        await host.SettleAsync();
        await IngestAsync(host, Identify("a1", "u1", 4), View("a1", "u1", 5, "shoe"));
        await host.SettleAsync();
        await IngestAsync(host, View("a1", null, 6, "coat"), Alias("a2", "u1", 7), View("a2", null, 8, "cap"));
        await host.SettleAsync();
        await IngestAsync(host, View("a2", null, 9, "bag"));
        await host.SettleAsync();

        await CheckAsync();
        await host.ReplayAsync(0);
        await host.SettleAsync();
        await CheckAsync();

        async Task CheckAsync()
        {
            foreach (var id in (string[])["u1", "a1", "a2"])
            {
                var view = (await host.Personalizer.FindProfileAsync(id, default))!;
                Assert.Equal("u1", view.Id);
                Assert.Equal(["a1", "a2"], view.Devices.Order());
                Assert.Equal(["bag", "cap", "coat", "shoe", "hat", "sock"], view.RecentItems.Select(recent => recent.Item));
                Assert.Equal((7, 1, 1), (view.Events["view"]["total"], view.Events["identify"]["total"], view.Events["alias"]["total"]));
                Assert.Equal((7, 1), (view.Events["view"]["1d"], view.Sessions));
            }
        }
    }

    public static async Task A_shared_device_changes_person_and_leaves_the_history_behind(IConformingHost host)
    {
        await IngestAsync(host, View("tablet", null, 1, "shoe"), Identify("tablet", "mum", 2), View("tablet", null, 3, "sock"));
        await host.SettleAsync();
        await IngestAsync(host, Identify("tablet", "dad", 5));
        await host.SettleAsync();
        await IngestAsync(host, View("tablet", null, 6, "hat"));

        // Late news of the time before: it was mum's then, and is dad's now.
        await IngestAsync(host, Identify("tablet", "mum", 4));
        await host.SettleAsync();
        await IngestAsync(host, View("tablet", null, 7, "cap"));
        await host.SettleAsync();
        await host.ReplayAsync(0);
        await host.SettleAsync();

        var mum = (await host.Personalizer.FindProfileAsync("mum", default))!;
        var dad = (await host.Personalizer.FindProfileAsync("dad", default))!;
        Assert.Equal(["sock", "shoe"], mum.RecentItems.Select(recent => recent.Item));
        Assert.Equal(["cap", "hat"], dad.RecentItems.Select(recent => recent.Item));
        Assert.Equal(["tablet"], dad.Devices);
        Assert.Empty(mum.Devices);
        Assert.Equal("dad", (await host.Personalizer.FindProfileAsync("tablet", default))!.Id);
    }

    public static async Task What_may_not_be_joined_is_refused_or_left_apart(IConformingHost host)
    {
        await IngestAsync(host, View(null, "u1", 1, "shoe"), View(null, "u2", 1, "hat"), View("a1", null, 1, "cap"), View("a2", null, 1, "bag"));
        await IngestAsync(host, Alias("a1", "u1", 2));
        await host.SettleAsync();

        var receipt = await host.Personalizer.IngestAsync(
            [View("a3", null, 3, "sock"), Alias("u2", "u1", 3), Identify("u2", "u1", 4), Alias("u1", "a1", 5), View("a3", null, 6, "coat")], default);
        Assert.Equal(2, receipt.Accepted);
        Assert.Equal(
            [(1, "previousId", "merge_of_logins"), (2, "anonymousId", "merge_of_logins"), (3, "previousId", "alias_cycle")],
            receipt.Rejected.Select(rejected => (rejected.Index, rejected.Problem.Path, rejected.Problem.Code)));

        // Who denies that devices are joined stays two.
        await IngestAsync(host, Identify("a2", "u2", 7, new Consent(default, Purposes.CrossDevice)));

        // In one batch the door can't see it. Whichever is looked at first joins, or neither where both are at once; there is no cycle.
        await IngestAsync(host, Alias("x", "y", 8), Alias("y", "x", 9), View("x", null, 10, "shoe"));
        await host.SettleAsync();
        await host.SettleAsync();

        Assert.Equal("u2", (await host.Personalizer.FindProfileAsync("u2", default))!.Id);
        Assert.Equal(["a1"], (await host.Personalizer.FindProfileAsync("u1", default))!.Devices);
        Assert.Equal(["bag"], (await host.Personalizer.FindProfileAsync("a2", default))!.RecentItems.Select(recent => recent.Item));
        ProfileView[] people =
        [
            (await host.Personalizer.FindProfileAsync("x", default))!,
            (await host.Personalizer.FindProfileAsync("y", default))!,
        ];
        people = [.. people.DistinctBy(person => person.Id)];
        Assert.Equal(people.Length == 1 ? 1 : 0, people.Sum(person => person.Devices.Count));
        Assert.Equal((2, 1), (Total("alias"), Total("view")));

        long Total(string type) => people.Sum(person => person.Events.TryGetValue(type, out var counts) ? counts["total"] : 0);
    }

    /// <summary>posthog-js #1756: users saw variants change when people logged in. Here none does, however events fall over each other.</summary>
    public static async Task No_variant_changes_on_login(IConformingHost host)
    {
        for (var run = 0; run < 12; run++)
        {
            await LogInAndOutAsync(host, new Random(run), $"r{run}-");
        }
    }

    private static async Task LogInAndOutAsync(IConformingHost host, Random random, string run)
    {
        await ChangeAsync(host, $$$"""
            {"experiences":{"red":{"patches":[{"op":"setText","selector":"h1","text":"Red"}]},"blue":{"patches":[{"op":"setText","selector":"h1","text":"Blue"}]}},
             "placements":{"{{{run}}}hero":{"experiences":[]} } }
            """);
        string[] devices = [$"{run}phone", $"{run}laptop", $"{run}kiosk"];
        string[] logins = [$"{run}ann", $"{run}bob"];
        var loggedIn = new string?[devices.Length];
        var shown = new string?[devices.Length];
        var late = new List<Event>();
        var minute = 0.0;
        for (var step = 0; step < 60; step++)
        {
            minute += 1 + random.NextDouble();
            var on = random.Next(devices.Length);
            switch (random.Next(10))
            {
                case 0 when step > 0:
                    // Weights change, so that a hash alone would not keep a variant.
                    await PutExperimentAsync(host, run, random.NextDouble());
                    break;
                case 0 or 1:
                    await host.SettleAsync();
                    break;
                case 2 or 3:
                    loggedIn[on] = logins[random.Next(2)];
                    await SendOrKeepAsync(random.Next(2) == 0 ? Identify(devices[on], loggedIn[on]!, minute) : Alias(devices[on], loggedIn[on]!, minute));
                    break;
                case 4:
                    loggedIn[on] = null;
                    break;
                case 5:
                    await SendOrKeepAsync(View(devices[on], loggedIn[on], minute, "shoe"));
                    break;
                case 6 when late.Count > 0:
                    await IngestAsync(host, late[0]);
                    late.RemoveAt(0);
                    break;
                default:
                    await ShowAsync(on);
                    break;
            }
        }

        await host.SettleAsync();
        for (var on = 0; on < devices.Length; on++)
        {
            await ShowAsync(on);
            loggedIn[on] = logins[random.Next(2)];
            await ShowAsync(on);
        }

        async Task SendOrKeepAsync(Event source)
        {
            if (random.Next(3) == 0)
            {
                late.Add(source);
            }
            else
            {
                await IngestAsync(host, source);
            }
        }

        async Task ShowAsync(int on)
        {
            var request = new DecisionRequest { AnonymousId = devices[on], UserId = loggedIn[on], Placements = [$"{run}hero"] };
            var decision = await host.Personalizer.DecideAsync(request, default);
            var variant = decision.Placements[0].Variant?.Key;
            if (variant is null)
            {
                return;
            }

            Assert.Equal(shown[on] ?? variant, variant);
            shown[on] = variant;

            // Whoever sees it may have logged in or out meanwhile.
            var seenBy = random.Next(4) == 0 ? null : loggedIn[on];
            await IngestAsync(host, Event(EventTypes.Impression, devices[on], seenBy, minute, decision: decision.Id.ToString()));
        }
    }

    /// <summary>Random people, devices and links; what each id answers in the end.</summary>
    public static async Task<Dictionary<string, ProfileView>> ViewsAfterAsync(IConformingHost host, int seed)
    {
        var random = new Random(seed);
        string[] devices = ["d1", "d2", "d3", "d4"];
        string[] logins = ["u1", "u2"];
        for (var step = 0; step < 150; step++)
        {
            // Half a minute to a step: everything is one visit, in whichever order its parts are joined.
            var (device, login) = (devices[random.Next(4)], logins[random.Next(2)]);
            await IngestAsync(host, random.Next(8) switch
            {
                0 => Identify(device, login, step),
                1 => Alias(device, login, step),
                2 => View(null, login, step, $"item{random.Next(30)}"),
                3 => View(device, login, step, $"item{random.Next(30)}"),
                _ => View(device, null, step, $"item{random.Next(30)}"),
            });

            // Between a link and what follows it, as a person's typing is between a log-in and the next page.
            await host.SettleAsync();
        }

        var views = new Dictionary<string, ProfileView>();
        foreach (var id in (string[])[.. devices, .. logins])
        {
            if (await host.Personalizer.FindProfileAsync(id, default) is { } view)
            {
                views[id] = view with { Version = 0 };
            }
        }

        return views;
    }

    public static void Same(Dictionary<string, ProfileView> one, Dictionary<string, ProfileView> other)
    {
        Assert.Equal(one.Keys.Order(), other.Keys.Order());
        foreach (var (id, view) in one)
        {
            var twin = other[id];
            Assert.Equal((view.Id, view.Sessions, view.Session), (twin.Id, twin.Sessions, twin.Session));
            Assert.Equal(view.RecentItems, twin.RecentItems);
            Assert.Equal(view.Devices.Order(), twin.Devices.Order());
            Assert.Equivalent(view.Events, twin.Events, strict: true);
            Assert.Equal(view.Categories.Keys.Order(), twin.Categories.Keys.Order());
            Assert.All(view.Categories, share => Assert.Equal(share.Value, twin.Categories[share.Key], 1e-9 * share.Value));
        }
    }

    private static Event View(string? device, string? login, double minute, string item) =>
        Event(EventTypes.View, device, login, minute, item: item, category: $"category{item[^1]}");

    private static Event Identify(string device, string login, double minute, Consent consent = default) =>
        Event(EventTypes.Identify, device, login, minute, consent: consent);

    private static Event Alias(string previous, string login, double minute) => Event(EventTypes.Alias, null, login, minute, previous: previous);

    private static int _messages;

    private static Event Event(
        string type,
        string? device,
        string? login,
        double minute,
        string? item = null,
        string? previous = null,
        string? decision = null,
        Consent consent = default,
        string? category = null)
    {
        var made = new Event
        {
            MessageId = $"m{Interlocked.Increment(ref _messages)}",
            Type = type,
            Timestamp = Start.AddMinutes(minute / 2).ToUnixTimeMilliseconds(),
            ReceivedAt = Start.AddMinutes(minute / 2).ToUnixTimeMilliseconds(),
            AnonymousId = device,
            UserId = login,
            PreviousId = previous,
            ItemId = item,
            DecisionId = decision,
            Consent = consent,
        };
        made.FillFrom(new Core.Catalog.Item { Id = "", Category = category });
        return made;
    }

    private static async Task IngestAsync(IConformingHost host, params Event[] events)
    {
        var receipt = await host.Personalizer.IngestAsync(events, default);
        Assert.Equal(events.Length, receipt.Accepted);
    }

    private static Task PutExperimentAsync(IConformingHost host, string run, double weight) => ChangeAsync(host, FormattableString.Invariant($$$"""
        {"experiments":{"{{{run}}}test":{"placement":"{{{run}}}hero","status":"running","variants":[
          {"key":"a","weight":{{{weight}}},"experience":"red"},{"key":"b","weight":{{{1 - weight}}},"experience":"blue"}] } } }
        """));

    private static async Task ChangeAsync(IConformingHost host, string json)
    {
        var problems = new List<Core.Problem>();
        var change = ChangeReader.Read(JsonElement.Parse(json), problems);
        Assert.Empty(problems);
        Assert.Equal(ChangeStatus.Applied, (await host.Personalizer.ChangeAsync(change, default)).Status);
        await host.SettleAsync();
    }
}
