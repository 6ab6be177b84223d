namespace Personalization.Cli.Evaluate;

/// <summary>One way of recommending that is measured, and how it did.</summary>
/// <param name="Name">The id of its experience and placement.</param>
/// <param name="Strategies">Its strategies, the first that has an answer first.</param>
internal sealed record Contender(string Name, IReadOnlyList<string> Strategies)
{
    public RankTally Ranks { get; } = new();

    /// <summary>Gives the two that are always measured: what this product would do, and the least that it has to beat.</summary>
    public static IReadOnlyList<Contender> Both() =>
        [new("evaluate.next", ["next", "popular"]), new("evaluate.popular", ["popular"])];
}
