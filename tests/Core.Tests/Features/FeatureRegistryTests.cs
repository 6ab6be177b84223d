using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Features;
using Personalization.Core.Privacy;
using Personalization.Core.Tests.Decisions;

namespace Personalization.Core.Tests.Features;

public sealed class FeatureRegistryTests
{
    private const string Segments = """
        { "segments": { "loyal": { "condition": { "profile.sessions": { "$gte": 3 } } },
                        "loyal-and-here": { "condition": { "segments.loyal": true, "page.path": "/" } } } }
        """;

    [Theory]
    [InlineData("event.view.1h", "events.view.1h")]
    [InlineData("events.view.2h", "events.view.1h")]
    [InlineData("events.viewed.items.1m", null)]
    [InlineData("affinity.categories.shoes", "affinity.category.shoes")]
    [InlineData("sesion.active", "session.active")]
    [InlineData("session.actve", "session.active")]
    [InlineData("profile.agedays", "profile.ageDays")]
    [InlineData("segments.royal", "segments.loyal")]
    [InlineData("segment.loyal", "segments.loyal")]
    public void A_name_that_is_no_feature_is_answered_with_the_nearest(string name, string? nearest)
    {
        var feature = new Shop().Put(Segments).State.Plan.Features.Find(name, out var problem);

        if (nearest is null)
        {
            Assert.NotNull(feature);
            return;
        }

        Assert.Null(feature);
        Assert.StartsWith($"There is no feature \"{name}\". The nearest: \"{nearest}\"", problem);
    }

    [Fact]
    public void A_segment_is_asked_for_all_that_its_features_are_asked_for()
    {
        var features = new Shop().Put(Segments).State.Plan.Features;

        Assert.Equal(Purposes.None, features.Find("page.path", out _)!.Purposes);
        Assert.Equal(Purposes.Personalization, features.Find("segments.loyal", out _)!.Purposes);
        Assert.Equal(Purposes.Personalization, features.Find("segments.loyal-and-here", out _)!.Purposes);
    }

    [Fact]
    public void What_the_person_denied_reads_as_the_default()
    {
        var shop = new Shop().Put(Segments).Happen("ann", "view", Shop.Now, "shoe", "shoes");
        var context = shop.Context(new DecisionRequest { AnonymousId = "ann", Page = new PageContext("https://shop.example/") });
        var features = shop.State.Plan.Features;

        foreach (var name in (string[])["events.view.1h", "affinity.category.shoes", "top.category", "recent.items", "session.active", "page.path"])
        {
            var feature = features.Find(name, out _)!;
            var masked = feature.Read(context with { Denied = Purposes.Personalization });
            var other = feature.Read(context with { Denied = Purposes.Training });

            Assert.Equal(feature.Read(context), other);
            Assert.Equal(name == "page.path" ? AttributeValue.From("/") : feature.Family.Default, masked);
            Assert.Equal(name == "page.path", masked == other);
        }
    }

    [Fact]
    public void The_vector_of_a_person_holds_what_they_met_and_nothing_of_the_request()
    {
        var shop = new Shop().Put(Segments).Happen("ann", "view", Shop.Now, "shoe", "shoes");
        var context = shop.Context(new DecisionRequest { AnonymousId = "ann" });

        var values = shop.State.Plan.Features.Read(context, null).ToDictionary(value => value.Name, value => value.Value);

        Assert.Equal(1, values["events.view.1h"].Number);
        Assert.Equal(1, values["affinity.category.shoes"].Number);
        Assert.False(values["segments.loyal"].Boolean);
        Assert.DoesNotContain("page.url", values.Keys);
        Assert.DoesNotContain("events.purchase.1h", values.Keys);
    }

    [Fact]
    public void Features_asked_for_by_name_come_in_that_order()
    {
        var shop = new Shop();
        var values = shop.State.Plan.Features.Read(
            shop.Context(new DecisionRequest { AnonymousId = "ann" }), ["events.purchase.30d", "sessions.active", "session.active"]);

        Assert.Equal(["events.purchase.30d", "session.active"], values.Select(value => value.Name));
    }

    [Fact]
    public void Every_family_is_described_and_its_default_is_of_its_type()
    {
        foreach (var family in StandardFeatures.All)
        {
            Assert.True(family.Description.EndsWith('.'), family.Pattern.ToString());
            Assert.True(
                family.Default.IsNothing || family.Type switch
                {
                    FeatureType.Number => family.Default.Kind == AttributeKind.Number,
                    FeatureType.Boolean => family.Default.Kind == AttributeKind.Boolean,
                    FeatureType.Text => family.Default.Kind == AttributeKind.Text,
                    FeatureType.List => family.Default.Kind == AttributeKind.Array,
                    _ => false,
                },
                family.Pattern.ToString());
        }
    }
}
