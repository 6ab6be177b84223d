using Personalization.Cli.Events;

namespace Personalization.Cli.Simulate;

/// <summary>One item of the invented shop.</summary>
/// <param name="Number">Its place in the catalog.</param>
/// <param name="Category">The number of its category.</param>
/// <param name="Item">What the server is told of it.</param>
/// <param name="Popularity">How often it is looked at, relative to the others.</param>
/// <param name="Followers">The products that people look at next, the likeliest first.</param>
internal sealed record Product(int Number, int Category, Item Item, double Popularity, IReadOnlyList<int> Followers)
{
    public double Price => Item.Price!.Value;
}
