namespace Personalization.Cli.Simulate;

internal enum PageKind
{
    Home,
    Search,
    Category,
    Product,
    Checkout,
}

/// <summary>A page somebody is about to see.</summary>
/// <param name="Kind">What kind of page.</param>
/// <param name="Subject">The product, or a product that the search or category is about; null at home and at the checkout.</param>
internal sealed record Page(PageKind Kind, Product? Subject = null)
{
    /// <summary>Gets the address.</summary>
    public string Url => Kind switch
    {
        PageKind.Home => "https://shop.example/",
        PageKind.Search => $"https://shop.example/search?q={Uri.EscapeDataString(Query)}",
        PageKind.Category => $"https://shop.example/c/{Subject!.Item.Category}",
        PageKind.Product => $"https://shop.example{Subject!.Item.Url}",
        _ => "https://shop.example/checkout",
    };

    /// <summary>Gets the words searched for: what the thing is, without brand, adjective or colour.</summary>
    public string Query => ShopWords.Categories[Subject!.Category].Things
        .First(thing => Subject.Item.Title!.Contains(thing, StringComparison.Ordinal));
}
