using Personalization.Cli.Events;

namespace Personalization.Cli.Simulate;

/// <summary>The invented shop's catalog: few products are looked at often, and each leads on to a few others.</summary>
/// <remarks>
/// Popularity falls with rank as a power law (exponent 0.9), as it does in real shops. The followers are what there is to learn:
/// whoever knows the last item can guess the next far better than by popularity.
/// </remarks>
internal sealed class ShopCatalog
{
    private const double PopularityExponent = 0.9;
    private static readonly WeightedDraw FollowerRank = new([0.5, 0.25, 0.15, 0.1]);
    private readonly WeightedDraw _popular;
    private readonly WeightedDraw[] _popularInCategory;
    private readonly int[][] _byCategory;
    private readonly Dictionary<string, Product> _byId;

    private ShopCatalog(IReadOnlyList<Product> products)
    {
        Products = products;
        _popular = new(products.Select(product => product.Popularity));
        _byCategory = [.. Enumerable.Range(0, ShopWords.Categories.Count)
            .Select(category => products.Where(product => product.Category == category).Select(product => product.Number).ToArray())];
        _popularInCategory = [.. _byCategory.Select(numbers => new WeightedDraw(numbers.Select(number => products[number].Popularity)))];
        _byId = products.ToDictionary(product => product.Item.Id, StringComparer.Ordinal);
    }

    /// <summary>Gets the products by number.</summary>
    public IReadOnlyList<Product> Products { get; }

    /// <summary>Invents a catalog. The same size and seed give the same catalog.</summary>
    /// <param name="size">How many products, at least one for each category.</param>
    /// <param name="seed">The seed.</param>
    public static ShopCatalog Invent(int size, int seed)
    {
        var random = Seeds.Stream(seed, -1);
        var ranks = Enumerable.Range(1, size).ToArray();
        random.Shuffle(ranks);
        var categories = ShopWords.Categories.Count;
        return new([.. Enumerable.Range(0, size).Select(number => new Product(
            number,
            number % categories,
            InventItem(number, random),
            Math.Pow(ranks[number], -PopularityExponent),
            Followers(number, size, random)))]);
    }

    /// <summary>Finds a product that the server named; null where this shop has none like it.</summary>
    public Product? Find(string id) => _byId.GetValueOrDefault(id);

    public Product DrawPopular(Random random) => Products[_popular.Draw(random)];

    public Product DrawPopular(int category, Random random) => Products[_byCategory[category][_popularInCategory[category].Draw(random)]];

    public Product DrawFollower(Product product, Random random) =>
        Products[product.Followers[Math.Min(FollowerRank.Draw(random), product.Followers.Count - 1)]];

    private static Item InventItem(int number, Random random)
    {
        var category = ShopWords.Categories[number % ShopWords.Categories.Count];
        var brand = Pick(ShopWords.Brands, random);
        var colour = Pick(ShopWords.Colours, random);
        var title = $"{brand} {Pick(ShopWords.Adjectives, random)} {Pick(category.Things, random)}, {colour}";

        // Log-normal around the category's price, a third up or down, and ending as prices do.
        var price = Math.Max(3, Math.Round(category.Price * Math.Exp(0.3 * Normal(random)))) - 0.05;
        return new Item
        {
            Id = FormattableString.Invariant($"shop-{number:0000}"),
            Title = title,
            Url = FormattableString.Invariant($"/p/shop-{number:0000}"),
            Category = category.Name,
            Brand = brand,
            Price = Math.Round(price, 2),
            Stock = random.Next(5, 500),
            Margin = Math.Round(price * (0.2 + (0.3 * random.NextDouble())), 2),
            Attributes = [new("colour", colour)],
        };
    }

    // Three of the same category, which lie at a distance of whole rounds through the categories, and one of what goes with it.
    private static int[] Followers(int number, int size, Random random)
    {
        var categories = ShopWords.Categories.Count;
        var other = ShopWords.Categories[number % categories].GoesWith;
        int Near(int category, int rounds)
        {
            var inCategory = ((size - category - 1) / categories) + 1;
            return category + (((number / categories) + rounds) % inCategory * categories);
        }

        int[] followers =
        [
            Near(number % categories, 1),
            Near(number % categories, 2 + random.Next(3)),
            Near(other, random.Next(3)),
            Near(number % categories, 5 + random.Next(7)),
        ];
        var others = followers.Where(follower => follower != number).Distinct().ToArray();
        return others.Length > 0 ? others : [(number + 1) % size];
    }

    private static T Pick<T>(IReadOnlyList<T> choices, Random random) => choices[random.Next(choices.Count)];

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
