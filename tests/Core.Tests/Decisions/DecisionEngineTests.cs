using System.Collections.Frozen;
using System.Text.Json;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Experiments;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Decisions;

public sealed class DecisionEngineTests
{
    private const long Now = Shop.Now;

    private const string Hero = """
        {"experiences": {"red": {"patches": []}, "blue": {"patches": []}, "plain": {"patches": []}},
         "placements": {"home.hero": {"experiences": [{"id": "plain"}], "ttlMs": 5000}}}
        """;

    [Fact]
    public void A_server_that_nothing_is_configured_on_answers_with_nothing()
    {
        var decision = new Shop().Decide(new DecisionRequest { AnonymousId = "ann" });

        Assert.Empty(decision.Placements);
        Assert.Empty(decision.Features);
        Assert.Equal(("ann", Now, 0, 0, 0, false),
            (decision.PersonId, decision.DecidedAt, decision.ProfileVersion, decision.ConfigurationRevision, decision.TtlMilliseconds, decision.IsStale));
    }

    [Fact]
    public void An_unknown_placement_shows_the_control_and_the_known_ones_what_they_should_in_the_order_asked()
    {
        var decision = new Shop().Put(Hero).Decide(new DecisionRequest { AnonymousId = "ann", Placements = ["nowhere", "home.hero"] });

        Assert.Equal(
            [("nowhere", DecisionReason.UnknownPlacement, null), ("home.hero", DecisionReason.Default, "plain")],
            decision.Placements.Select(placement => (placement.Name, placement.Reason, placement.Experience?.Id)));
        Assert.Equal(5000, decision.TtlMilliseconds);
        Assert.Equal(1, decision.ConfigurationRevision);
    }

    [Fact]
    public void Without_a_list_all_placements_are_decided_by_name_and_the_shortest_time_to_live_counts()
    {
        var shop = new Shop().Put(
            """
            {"experiences": {"e": {}},
             "placements": {"b": {"experiences": [{"id": "e"}], "ttlMs": 100}, "a": {"experiences": [{"id": "e"}], "ttlMs": 900}, "C": {"ttlMs": 500}}}
            """);

        var decision = shop.Decide(new DecisionRequest { AnonymousId = "ann" });

        Assert.Equal(["C", "a", "b"], decision.Placements.Select(placement => placement.Name));
        Assert.Equal(DecisionReason.NoEligibleExperience, decision.Placements[0].Reason);
        Assert.Equal(100, decision.TtlMilliseconds);
    }

    [Fact]
    public void The_first_experience_whose_audience_one_is_in_is_shown()
    {
        var shop = new Shop().Put(
            """
            {"segments": {"shopper": {"condition": {"events.add_to_cart.1d": {"$gte": 1}}}, "fan": {"condition": {"segments.shopper": true, "top.category": "shoes"}}},
             "experiences": {"fans": {}, "shoppers": {}, "ads": {}},
             "placements": {"p": {"experiences": [
                {"id": "fans", "audience": {"segments.fan": true}},
                {"id": "shoppers", "audience": {"segments.shopper": true}},
                {"id": "ads", "audience": {"page.path": "/landing", "context.campaign.source": "mail"}}]}}}
            """);
        shop.Happen("fan", EventTypes.AddToCart, Now, "A", "shoes").Happen("shopper", EventTypes.AddToCart, Now, "A", "hats");
        shop.Happen("past", EventTypes.AddToCart, Now - (2 * 86_400_000L), "A", "shoes");

        Assert.Equal(("fans", DecisionReason.Audience), Shown("fan"));
        Assert.Equal(("shoppers", DecisionReason.Audience), Shown("shopper"));
        Assert.Equal((null, DecisionReason.NoEligibleExperience), Shown("past"));
        Assert.Equal((null, DecisionReason.NoEligibleExperience), Shown("stranger"));
        Assert.Equal(("ads", DecisionReason.Audience), Shown("stranger", "https://shop.example/landing?x=1#y", """{"campaign": {"source": "mail"}}"""));
        Assert.Equal((null, DecisionReason.NoEligibleExperience), Shown("stranger", "https://shop.example/landing", """{"campaign": "mail"}"""));

        (string?, DecisionReason) Shown(string person, string? url = null, string context = "{}")
        {
            var placement = Assert.Single(shop.Decide(new DecisionRequest
            {
                AnonymousId = person,
                Page = new PageContext(url),
                Context = AttributeValue.FromJson(JsonElement.Parse(context)),
            }).Placements);
            return (placement.Experience?.Id, placement.Reason);
        }
    }

    [Fact]
    public void An_experiment_splits_people_by_its_weights()
    {
        var shop = new Shop().Put(Hero).Put(Experiment("", ("a", 0.5, "red"), ("b", 0.3, "blue"), ("c", 0.2, null)));
        const int people = 20_000;
        var drawn = Enumerable.Range(0, people).Select(i => shop.DecideOne($"person{i}", "home.hero")).ToArray();

        foreach (var (key, weight, experience) in new[] { ("a", 0.5, "red"), ("b", 0.3, "blue"), ("c", 0.2, null) })
        {
            var got = drawn.Where(placement => placement.Variant!.Key == key).ToArray();

            // Four standard deviations of a binomial count.
            var sigma = Math.Sqrt(people * weight * (1 - weight));
            Assert.InRange(got.Length, (people * weight) - (4 * sigma), (people * weight) + (4 * sigma));
            Assert.All(got, placement => Assert.Equal(
                (experience, weight, experience is null ? DecisionReason.ControlVariant : DecisionReason.Experiment, "test"),
                (placement.Experience?.Id, placement.Propensity, placement.Reason, placement.Experiment!.Id)));
        }
    }

    [Theory]
    [InlineData("", 2, "test")]
    [InlineData("\"hashVersion\": 1,", 1, "test")]
    [InlineData("\"seed\": \"another\",", 2, "another")]
    public void A_variant_is_the_one_that_GrowthBooks_hash_draws(string options, int hashVersion, string seed)
    {
        var shop = new Shop().Put(Hero).Put(Experiment(options, ("a", 0.6, "red"), ("b", 0.4, "blue")));
        var ranges = Bucketing.Ranges(2, 1, [0.6, 0.4]);
        for (var i = 0; i < 1_000; i++)
        {
            var drawn = Bucketing.ChooseVariation(BucketHash.Compute(seed, $"person{i}", hashVersion)!.Value, ranges);

            Assert.Equal(drawn == 0 ? "a" : "b", shop.DecideOne($"person{i}", "home.hero").Variant!.Key);
        }
    }

    [Fact]
    public void A_device_is_hashed_by_its_own_id_whoever_is_logged_in()
    {
        // posthog-js #1756: variants that were hashed by the person's id changed whenever somebody logged in.
        var shop = new Shop().Put(Hero).Put(Experiment("", ("a", 0.5, "red"), ("b", 0.5, "blue")));
        for (var i = 0; i < 50; i++)
        {
            var request = new DecisionRequest { AnonymousId = $"device{i}", UserId = "u1", Placements = ["home.hero"] };

            Assert.Equal(shop.DecideOne($"device{i}", "home.hero").Variant, shop.Decide(request).Placements[0].Variant);
        }
    }

    [Fact]
    public void An_experiment_by_person_shows_a_login_one_variant_on_all_devices_and_strangers_none()
    {
        var shop = new Shop().Put(Hero).Put(Experiment("\"assignBy\": \"person\",", ("a", 0.5, "red"), ("b", 0.5, "blue")));
        var ranges = Bucketing.Ranges(2, 1, [0.5, 0.5]);
        for (var i = 0; i < 50; i++)
        {
            var login = $"u{i % 2}";
            var request = new DecisionRequest { AnonymousId = $"device{i}", UserId = login, Placements = ["home.hero"] };
            var drawn = Bucketing.ChooseVariation(BucketHash.Compute("test", login, 2)!.Value, ranges);

            Assert.Equal(drawn == 0 ? "a" : "b", shop.Decide(request).Placements[0].Variant!.Key);
            Assert.Null(shop.DecideOne($"device{i}", "home.hero").Variant);
        }
    }

    [Fact]
    public void What_a_device_showed_stays_when_somebody_logs_in_whose_other_device_showed_something_else()
    {
        var shop = new Shop().Put(Hero).Put(Experiment("", ("a", 1, "red"), ("b", 0, "blue")));
        var (device, login) = (shop.Person("phone"), shop.Person("u1"));
        shop.Happen("phone", EventTypes.Impression, Shop.Now, exposures: new Exposure("test", 1, "b"));
        shop.Happen("laptop", EventTypes.Impression, Shop.Now - 1, exposures: new Exposure("test", 1, "a"));
        login.Merge(shop.Person("laptop"), shop.Words);

        Assert.Equal("b", On(null, "phone", device));
        login.Merge(device, shop.Words);
        Assert.Equal(("b", "a", "a"), (On("u1", "phone", null), On("u1", "laptop", null), On("u1", null, null)));

        string? On(string? login, string? id, UserProfile? shown)
        {
            var request = new DecisionRequest { UserId = login, AnonymousId = id, Placements = ["home.hero"] };
            var decision = shop.Engine.Decide(new DecisionId(1, 2), shop.State.Plan, shop.Context(request) with { Device = shown });
            return decision.Placements[0].Variant?.Key;
        }
    }

    [Theory]
    [InlineData("a1", null, "a1", "u1", true)]
    [InlineData("a1", "u1", "a1", null, true)]
    [InlineData("a1", "u1", "a2", "u1", true)]
    [InlineData("a1", null, "a2", "u1", false)]
    [InlineData("a1", "u1", "a2", "u2", false)]
    [InlineData(null, "u1", "a2", null, false)]
    public void An_impression_exposes_who_was_decided_for_also_after_logging_in_or_out(string? device, string? login, string? seenOn, string? seenBy, bool exposes)
    {
        var shop = new Shop().Put(Hero).Put(Experiment("", ("a", 0.5, "red"), ("b", 0.5, "blue")));
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        DecisionCodec.Write(bytes, shop.Decide(new DecisionRequest { AnonymousId = device, UserId = login, Placements = ["home.hero"] }));
        var impression = new Event
        {
            MessageId = "1",
            Type = EventTypes.Impression,
            Timestamp = Shop.Now,
            ReceivedAt = Shop.Now,
            AnonymousId = seenOn,
            UserId = seenBy,
        };

        DecisionCodec.Read(bytes.WrittenSpan).ExposeTo(impression);

        Assert.Equal(exposes, impression.Exposures.Count == 1);
    }

    [Fact]
    public void Coverage_leaves_people_to_what_comes_next()
    {
        var shop = new Shop().Put(Hero).Put(Experiment("\"coverage\": 0.25,", ("a", 0.5, "red"), ("b", 0.5, "blue")));
        var drawn = Enumerable.Range(0, 20_000).Select(i => shop.DecideOne($"person{i}", "home.hero")).ToArray();

        // 5 000 of 20 000; four standard deviations are 245.
        Assert.InRange(drawn.Count(placement => placement.Experiment is not null), 4_755, 5_245);
        Assert.All(drawn.Where(placement => placement.Experiment is null), placement =>
            Assert.Equal(("plain", DecisionReason.Default, 1.0), (placement.Experience?.Id, placement.Reason, placement.Propensity)));
        Assert.All(drawn.Where(placement => placement.Experiment is not null), placement => Assert.Equal(0.5, placement.Propensity));
    }

    [Fact]
    public void Only_its_audience_takes_part_in_an_experiment()
    {
        var shop = new Shop().Put(Hero)
            .Put("""{"segments": {"buyer": {"condition": {"events.purchase.total": {"$gte": 1}}}}}""")
            .Put(Experiment("\"audience\": {\"segments.buyer\": true},", ("a", 0.5, "red"), ("b", 0.5, "blue")))
            .Happen("buyer", EventTypes.Purchase, Now);

        Assert.Equal(DecisionReason.Experiment, shop.DecideOne("buyer", "home.hero").Reason);
        Assert.Equal(DecisionReason.Default, shop.DecideOne("stranger", "home.hero").Reason);
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("stopped")]
    public void An_experiment_that_does_not_run_is_left_out(string status)
    {
        var shop = new Shop().Put(Hero).Put(Experiment("", ("a", 0.5, "red"), ("b", 0.5, "blue")).Replace("running", status, StringComparison.Ordinal));

        Assert.Equal(DecisionReason.Default, shop.DecideOne("ann", "home.hero").Reason);
    }

    [Fact]
    public void Of_two_experiments_the_first_by_id_that_takes_one_in_decides()
    {
        var shop = new Shop().Put(Hero)
            .Put(Experiment("\"coverage\": 0,", ("a", 0.5, "red"), ("b", 0.5, "blue")).Replace("\"test\"", "\"a\"", StringComparison.Ordinal))
            .Put(Experiment("", ("c", 0.5, "red"), ("d", 0.5, "blue")).Replace("\"test\"", "\"b\"", StringComparison.Ordinal))
            .Put(Experiment("", ("e", 0.5, "red"), ("f", 0.5, "blue")).Replace("\"test\"", "\"c\"", StringComparison.Ordinal));

        Assert.Equal("b", shop.DecideOne("ann", "home.hero").Experiment!.Id);
    }

    [Fact]
    public void One_who_saw_a_variant_keeps_it_while_the_version_stays_the_same()
    {
        var shop = new Shop().Put(Hero).Put(Experiment("", ("a", 0.5, "red"), ("b", 0.5, "blue")));
        var person = Enumerable.Range(0, 100).Select(i => $"person{i}").First(id => shop.DecideOne(id, "home.hero").Variant!.Key == "a");
        shop.Happen(person, EventTypes.Impression, Now, null, null, new Exposure("test", 1, "a"));

        Assert.Equal(("a", DecisionReason.Sticky, 0.5), Got());

        // Others go to b now; this one stays, by the weight there is, or surely where a is not drawn any more.
        shop.Put(Experiment("", ("a", 0.1, "red"), ("b", 0.9, "blue")));
        Assert.Equal(("a", DecisionReason.Sticky, 0.1), Got());
        shop.Put(Experiment("\"coverage\": 0,", ("a", 0, "red"), ("b", 1, "blue")));
        Assert.Equal(("a", DecisionReason.Sticky, 1), Got());

        shop.Put(Experiment("\"version\": 2,", ("a", 0, "red"), ("b", 1, "blue")));
        Assert.Equal(("b", DecisionReason.Experiment, 1), Got());

        shop.Happen(person, EventTypes.Impression, Now, null, null, new Exposure("test", 2, "b"));
        shop.Put(Experiment("\"version\": 2,", ("a", 0.5, "red"), ("c", 0.5, "blue")));
        Assert.Equal(DecisionReason.Experiment, Got().Reason);

        (string Variant, DecisionReason Reason, double Propensity) Got()
        {
            var placement = shop.DecideOne(person, "home.hero");
            return (placement.Variant!.Key, placement.Reason, placement.Propensity);
        }
    }

    [Fact]
    public void Features_are_noted_once_however_many_conditions_read_them()
    {
        var shop = new Shop().Put(
            """
            {"segments": {"s": {"condition": {"events.view.1h": {"$gte": 2}}}},
             "experiences": {"e": {}},
             "placements": {
                "p": {"experiences": [{"id": "e", "audience": {"events.view.1h": 9}}, {"id": "e", "audience": {"events.view.1h": 8, "recent.items": {"$size": 2}}}]},
                "q": {"experiences": [{"id": "e", "audience": {"$or": [{"segments.s": true}, {"events.view.1h": 7}]}}]},
                "r": {"experiences": [{"id": "e", "audience": {"profile.ageDays": 7}}]}}}
            """);
        shop.Happen("ann", EventTypes.View, Now, "A").Happen("ann", EventTypes.View, Now, "B");

        var decision = shop.Decide(new DecisionRequest { AnonymousId = "ann", Placements = ["p", "q", "p"] });

        Assert.Equal(["events.view.1h", "recent.items", "segments.s"], decision.Features.Select(feature => feature.Name));
        Assert.Equal(
            [AttributeValue.From(2.0), AttributeValue.FromArray([AttributeValue.From("B"), AttributeValue.From("A")]), AttributeValue.From(true)],
            decision.Features.Select(feature => feature.Value));
        Assert.Equal(2, decision.ProfileVersion);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(0L, false)]
    [InlineData(3L, false)]
    [InlineData(4L, true)]
    public void An_answer_is_stale_that_has_not_seen_what_the_caller_has(long? seen, bool isStale)
    {
        var shop = new Shop();
        for (var i = 0; i < 3; i++)
        {
            shop.Happen("somebody else", EventTypes.View, Now);
        }

        Assert.Equal(isStale, shop.Decide(new DecisionRequest { AnonymousId = "ann", MinProfileVersion = seen }).IsStale);
    }

    [Fact]
    public void What_breaks_in_one_placement_breaks_no_other()
    {
        var fault = new InvalidTimeZoneException("broken");
        var whole = new Shop().Put(Hero).State.Plan;
        var broken = new Placement
        {
            Name = "broken",
            Experiments = [],
            Choices = [new Choice(whole.Placements["home.hero"].Choices[0].Experience, new Condition<DecisionContext>(_ => throw fault, []))],
            TtlMilliseconds = 1000,
            Features = [],
        };
        var plan = new DecisionPlan
        {
            Revision = 1,
            Placements = new[] { broken, whole.Placements["home.hero"] }.ToFrozenDictionary(placement => placement.Name),
            PlacementNames = ["broken", "home.hero"],
            Segments = whole.Segments,
            Features = whole.Features,
            Catalog = whole.Catalog,
        };
        var shop = new Shop();
        var told = new List<(string, Exception)>();

        var decision = shop.Engine.Decide(
            default, plan, shop.Context(new DecisionRequest { AnonymousId = "ann" }), (name, exception) => told.Add((name, exception)));

        Assert.Equal(
            [(DecisionReason.Failed, null), (DecisionReason.Default, "plain")],
            decision.Placements.Select(placement => (placement.Reason, placement.Experience?.Id)));
        Assert.Equal([("broken", fault)], told);
    }

    [Fact]
    public void One_decision_allocates_at_most_2_KB()
    {
        // DESIGN §7: three placements, one static, one experiment, one recommender of 8 items.
        var shop = new Shop().Put(Hero).Put(Experiment("", ("a", 0.5, "red"), ("b", 0.5, "blue"))).Put(
            """
            {"experiences": {"recs": {"recommend": {"limit": 8}, "output": "items"}},
             "placements": {
                "banner": {"experiences": [{"id": "red", "audience": {"events.view.1h": {"$gt": 100}}}, {"id": "plain", "audience": {"page.url": {"$exists": true}}}]},
                "recs": {"experiences": [{"id": "recs"}]}}}
            """);
        shop.Stock([.. Enumerable.Range(0, 200).Select(i => $"i{i}")]);
        for (var i = 0; i < 2_000; i++)
        {
            shop.Happen($"person{i % 50}", EventTypes.View, Now - 60_000 + (i * 10), $"i{i * 7 % 190}");
        }

        shop.Learn().Happen("ann", EventTypes.View, Now, "i7").Happen("ann", EventTypes.View, Now, "i9");
        var context = shop.Context(new DecisionRequest
        {
            AnonymousId = "ann",
            Placements = ["banner", "home.hero", "recs"],
            Page = new PageContext("https://shop.example/"),
        });
        var decision = shop.Engine.Decide(default, shop.State.Plan, context);
        Assert.Equal((8, DecisionReason.Experiment, DecisionReason.Audience, 2),
            (decision.Placements[2].Items.Count, decision.Placements[1].Reason, decision.Placements[0].Reason, decision.Features.Count));

        for (var i = 0; i < 1_000; i++)
        {
            shop.Engine.Decide(default, shop.State.Plan, context);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            shop.Engine.Decide(default, shop.State.Plan, context);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000.0, 1, 2_048);
    }

    private static string Experiment(string options, params (string Key, double Weight, string? Experience)[] variants)
    {
        var list = string.Join(", ", variants.Select(variant => FormattableString.Invariant(
            $$"""{"key": "{{variant.Key}}", "weight": {{variant.Weight}}, "experience": {{(variant.Experience is null ? "null" : $"\"{variant.Experience}\"")}}}""")));
        return $$"""{"experiments": {"test": {"placement": "home.hero", "status": "running", {{options}} "variants": [{{list}}]} } }""";
    }
}
