namespace Personalization.Core.Recommend;

/// <summary>Items in order, best first, as of one moment. Immutable.</summary>
public sealed class Ranking
{
    /// <summary>The ranking of nothing.</summary>
    public static readonly Ranking Empty = new([]);

    private readonly RankedItem[] _items;

    internal Ranking(RankedItem[] items) => _items = items;

    /// <summary>Gets the items, best first.</summary>
    public ReadOnlySpan<RankedItem> Items => _items;
}
