using Personalization.Core.Catalog;

namespace Personalization.Core.Decisions;

/// <summary>One item of a placement.</summary>
/// <param name="Item">The item.</param>
/// <param name="Score">How strongly it was recommended; the scale is the strategy's.</param>
/// <param name="Strategy">Which strategy proposed it.</param>
/// <param name="Because">The item it follows, where the strategy is <see cref="RecommendStrategy.Next"/>.</param>
public readonly record struct DecidedItem(Item Item, double Score, RecommendStrategy Strategy, Item? Because)
{
    /// <summary>Gets the reason in words: <c>next:A13</c>, <c>trending</c>, <c>popular</c> or <c>candidate</c>.</summary>
    public string Reason => Because is null ? ReasonNames.Of(Strategy) : $"{ReasonNames.Of(Strategy)}:{Because.Id}";
}
