namespace Personalization.Cli.Simulate;

/// <summary>One person who visits the invented shop, and what this person likes.</summary>
/// <param name="AnonymousId">The device's id.</param>
/// <param name="Categories">How this person chooses a category.</param>
/// <param name="Brand">The brand this person prefers.</param>
/// <param name="Thrift">How much a high price puts this person off, 0 not at all to 1.</param>
internal sealed record Visitor(string AnonymousId, WeightedDraw Categories, string Brand, double Thrift)
{
    public static Visitor Invent(int number, Random random)
    {
        // Two categories are dear to everyone; the rest is looked at now and then.
        var weights = ShopWords.Categories.Select(_ => 0.03).ToArray();
        weights[random.Next(weights.Length)] += 0.55;
        weights[random.Next(weights.Length)] += 0.25;
        return new(
            FormattableString.Invariant($"sim-{number:00000}"),
            new WeightedDraw(weights),
            ShopWords.Brands[random.Next(ShopWords.Brands.Count)],
            random.NextDouble());
    }

    /// <summary>Gets the probability that this person puts a product that was looked at into the cart.</summary>
    public double Wants(Product product)
    {
        var liking = product.Item.Brand == Brand ? 2.5 : 1;
        var price = Math.Exp(-Thrift * product.Price / 150);
        return Math.Min(0.9, 0.12 * liking * price);
    }
}
