namespace Personalization.Node.Tests.Privacy;

/// <summary>Somebody who leaves traces wherever a server keeps anything.</summary>
internal static class Visitor
{
    /// <summary>A word that only this visitor's events and decisions hold.</summary>
    public static string MarkOf(string id) => $"mark-of-{id}";

    /// <summary>Views, searches, buys, and is decided for.</summary>
    public static async Task VisitAsync(ServerProcess node, string id, string messages = "m")
    {
        await node.PostAsync("/v1/events", new
        {
            events = new object[]
            {
                new { messageId = messages + "1", type = "view", anonymousId = id, properties = new { itemId = "shoe", category = MarkOf(id), brand = MarkOf(id) } },
                new { messageId = messages + "2", type = "search", anonymousId = id, properties = new { query = MarkOf(id) } },
                new { messageId = messages + "3", type = "purchase", anonymousId = id, properties = new { itemId = "shoe", price = 10, quantity = 2 } },
            },
        });
        await node.PostAsync("/v1/decide", new { anonymousId = id, page = new { url = $"https://shop.example/{MarkOf(id)}" } });
    }

    /// <summary>Makes decisions look at the page, so that they remember it.</summary>
    public static Task ConfigureAsync(ServerProcess node) => node.PostAsync("/v1/configuration", new
    {
        experiences = new { hello = new { patches = new[] { new { op = "setText", selector = "h1", text = "Hello" } } } },
        placements = new
        {
            hero = new { experiences = new[] { new { id = "hello", audience = new Dictionary<string, object> { ["page.url"] = new Dictionary<string, string> { ["$regex"] = "shop" } } } } },
        },
    });

    public static async Task<long> ViewsAsync(ServerProcess node, string id)
    {
        using var response = await node.Http.GetAsync($"/v1/users/{id}");
        return response.IsSuccessStatusCode
            ? System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("events").GetProperty("view").GetProperty("total").GetInt64()
            : 0;
    }

    public static async Task<System.Text.Json.JsonElement> EraseAsync(ServerProcess node, string id)
    {
        using var response = await node.Http.DeleteAsync($"/v1/users/{id}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return System.Text.Json.JsonElement.Parse(text);
    }
}
