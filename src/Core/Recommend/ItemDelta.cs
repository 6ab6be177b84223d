namespace Personalization.Core.Recommend;

/// <summary>What was learned of one item since the last merge.</summary>
internal sealed class ItemDelta
{
    /// <summary>Gets or sets the interest people took in the item.</summary>
    public DecayedSum Popularity { get; set; }

    /// <summary>Gets or sets the same with a short memory.</summary>
    public DecayedSum Trend { get; set; }

    /// <summary>Gets who went from this item to which: decayed counts by the next item's number.</summary>
    public Dictionary<int, DecayedSum> Next { get; } = [];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Popularity = default;
        Trend = default;
        Next.Clear();
    }
}
