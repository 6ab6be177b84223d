using Personalization.Cli.Events;

namespace Personalization.Cli.Simulate;

/// <summary>Something a visitor did, before it has an id and a time.</summary>
internal sealed record Draft(string Type, IReadOnlyList<KeyValuePair<string, Scalar>> Properties)
{
    public static Draft PageView(Page page) => new("page_view", page.Subject is null ? [] : [new("category", page.Subject.Item.Category!)]);

    public static Draft Search(Page page) => new("search", [new("query", page.Query)]);

    public static Draft View(Product product) => new("view", Of(product));

    public static Draft AddToCart(Product product) => new("add_to_cart", [.. Of(product), new("quantity", 1.0)]);

    public static Draft Purchase(Product product) => new("purchase", [.. Of(product), new("quantity", 1.0)]);

    public static Draft Impression(Offer offer) => new("impression", Of(offer));

    public static Draft Click(Offer offer, Product? product) => new(
        "click", [.. product is null ? [] : Of(product), .. Of(offer)]);

    public static Draft Reward(Offer offer, double value) => new(
        "reward", [.. Of(offer), new("value", Math.Round(value, 2))]);

    private static KeyValuePair<string, Scalar>[] Of(Offer offer) =>
        [new("decisionId", offer.DecisionId), new("placement", offer.Placement)];

    private static KeyValuePair<string, Scalar>[] Of(Product product) =>
    [
        new("itemId", product.Item.Id),
        new("category", product.Item.Category!),
        new("brand", product.Item.Brand!),
        new("price", product.Price),
    ];
}
