namespace Personalization.Cli.Simulate;

/// <summary>What an invented shop sells and how it is called.</summary>
internal static class ShopWords
{
    /// <summary>The categories: what belongs to each, what it usually costs, and which category people look at with it.</summary>
    public static readonly IReadOnlyList<(string Name, string[] Things, double Price, int GoesWith)> Categories =
    [
        ("shoes", ["sneaker", "boot", "loafer", "sandal", "trail shoe"], 89, 4),
        ("jackets", ["parka", "rain jacket", "blazer", "down vest", "denim jacket"], 139, 2),
        ("shirts", ["shirt", "polo", "t-shirt", "flannel shirt", "henley"], 39, 3),
        ("trousers", ["chino", "jeans", "cargo trousers", "joggers", "shorts"], 59, 2),
        ("accessories", ["belt", "scarf", "beanie", "wallet", "socks"], 19, 1),
        ("bags", ["backpack", "tote", "weekender", "hip bag", "messenger bag"], 79, 4),
        ("outdoor", ["tent", "sleeping bag", "stove", "trekking poles", "head torch"], 119, 5),
        ("home", ["throw", "cushion", "candle", "lamp", "storage basket"], 34, 7),
    ];

    public static readonly IReadOnlyList<string> Brands =
    [
        "Alder & Finch", "Brightwater", "Corvo", "Dunmore", "Estrella", "Fjellgard",
        "Granit", "Harrow", "Isla", "Juniper", "Kestrel", "Lomond",
    ];

    public static readonly IReadOnlyList<string> Adjectives =
        ["classic", "light", "warm", "slim", "wide", "soft", "rugged", "everyday", "travel", "vintage", "sporty", "organic"];

    public static readonly IReadOnlyList<string> Colours = ["black", "navy", "olive", "sand", "red", "white", "grey", "teal"];
}
