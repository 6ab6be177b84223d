using System.Text.Json;
using System.Text.Json.Nodes;
using Personalization.Core;
using Personalization.Core.Catalog;
using Personalization.Core.Configuration;

namespace Personalization.Bench.Workload;

/// <summary>The shop that is measured: 1 000 items of 20 categories and 40 brands, and a page with three placements.</summary>
internal static class Shop
{
    public const int Categories = 20;
    public const int ItemsPerCategory = 50;

    /// <summary>A static hero with an audience, an experiment, and a recommender with a template of eight items.</summary>
    public static readonly IReadOnlyList<string> Placements = ["home.hero", "home.banner", "home.recs"];

    public static readonly IReadOnlyList<Item> Items = [.. Enumerable.Range(0, Categories * ItemsPerCategory).Select(MakeItem)];

    private const string Documents = """
        {
          "segments": {
            "keen": {"condition": {"affinity.category.category-3": {"$gte": 0.3}, "events.view.30d": {"$gte": 3}}}
          },
          "experiences": {
            "hero-keen": {"patches": [
              {"op": "setText", "selector": "#hero h1", "text": "Back again? Here is what is new in category 3"},
              {"op": "setAttribute", "selector": "#hero a", "name": "href", "value": "/category/category-3"}]},
            "hero-loyal": {"patches": [
              {"op": "setText", "selector": "#hero h1", "text": "Good to see you again"},
              {"op": "addClass", "selector": "#hero", "classes": ["hero-loyal"]}]},
            "hero-welcome": {"patches": [{"op": "setText", "selector": "#hero h1", "text": "Welcome to the shop"}]},
            "banner-shipping": {"patches": [
              {"op": "insert", "selector": "#banner", "position": "append", "html": "<p>Free shipping today</p>"},
              {"op": "show", "selector": "#banner"}]},
            "banner-returns": {"patches": [{"op": "insert", "selector": "#banner", "position": "append", "html": "<p>100 days to return it</p>"}]},
            "recommended": {
              "recommend": {"strategies": ["next", "trending", "popular"], "limit": 8},
              "template": {"op": "setHtml", "selector": "#recs", "html": "<ul class=\"recs\">{{#items}}<li><a href=\"{{url}}\"><img src=\"{{image}}\" alt=\"{{title}}\"><b>{{title}}</b>{{#price}}<span>{{price}}</span>{{/price}}</a></li>{{/items}}</ul>"}}
          },
          "placements": {
            "home.hero": {"experiences": [
              {"id": "hero-keen", "audience": {"segments.keen": true}},
              {"id": "hero-loyal", "audience": {"profile.sessions": {"$gte": 3}, "events.add_to_cart.30d": {"$gte": 2}}},
              {"id": "hero-welcome"}]},
            "home.banner": {"experiences": []},
            "home.recs": {"experiences": [{"id": "recommended"}]}
          },
          "experiments": {
            "banner-message": {"placement": "home.banner", "status": "running", "variants": [
              {"key": "control", "weight": 0.34},
              {"key": "shipping", "weight": 0.33, "experience": "banner-shipping"},
              {"key": "returns", "weight": 0.33, "experience": "banner-returns"}]}
          }
        }
        """;

    /// <summary>Opens the shop on a new node.</summary>
    public static async Task OpenAsync(IPersonalizer personalizer)
    {
        var problems = new List<Problem>();
        var change = ChangeReader.Read(JsonElement.Parse(Documents), problems) with { PutItems = Items };
        var outcome = await personalizer.ChangeAsync(change, CancellationToken.None);
        if (problems.Count > 0 || outcome.Status != ChangeStatus.Applied)
        {
            throw new InvalidOperationException($"The shop does not compile: {string.Join(" ", problems.Concat(outcome.Problems))}");
        }
    }

    /// <summary>Gives the shop as a body of <c>POST /v1/configuration</c>.</summary>
    public static string Json()
    {
        var shop = JsonNode.Parse(Documents)!.AsObject();
        shop["items"] = new JsonArray([.. Items.Select(item => new JsonObject
        {
            ["id"] = item.Id,
            ["title"] = item.Title,
            ["url"] = item.Url,
            ["image"] = item.Image,
            ["category"] = item.Category,
            ["brand"] = item.Brand,
            ["price"] = item.Price,
            ["stock"] = item.Stock,
        })]);
        return shop.ToJsonString();
    }

    public static Item ItemAt(int category, int place) => Items[(category * ItemsPerCategory) + (place % ItemsPerCategory)];

    private static Item MakeItem(int number) => new()
    {
        Id = $"item-{number:D4}",
        Title = $"Item number {number}",
        Url = $"/products/item-{number:D4}",
        Image = $"/images/item-{number:D4}.jpg",
        Category = $"category-{number / ItemsPerCategory}",
        Brand = $"brand-{number * 7 % 40}",
        Price = 5 + (number * 37 % 400) + 0.99,
        Stock = number % 25 == 24 ? 0 : 20,
    };
}
