namespace Personalization.Core.Events;

/// <summary>The event types the engine gives a meaning to. Any other type is custom: it is counted in windows.</summary>
public static class EventTypes
{
    /// <summary>An item's page was seen.</summary>
    public const string View = "view";

    /// <summary>An item was clicked in a list.</summary>
    public const string Click = "click";

    /// <summary>A search was made.</summary>
    public const string Search = "search";

    /// <summary>An item was put into the cart.</summary>
    public const string AddToCart = "add_to_cart";

    /// <summary>An item was bought.</summary>
    public const string Purchase = "purchase";

    /// <summary>What a decision proposed was really seen.</summary>
    public const string Impression = "impression";

    /// <summary>What a decision earned.</summary>
    public const string Reward = "reward";

    /// <summary>A choice was made: the event's <c>consent</c> holds from then on.</summary>
    public const string Consent = "consent";

    /// <summary>The log's own mark that a person was erased: what came before it is gone, what comes after it starts a new profile.</summary>
    /// <remarks>Nobody can send one: the doors refuse the name.</remarks>
    public const string Erase = "$erase";

    /// <summary>The device <c>anonymousId</c> is the login <c>userId</c>'s.</summary>
    public const string Identify = "identify";

    /// <summary>The device <c>previousId</c> is the login <c>userId</c>'s.</summary>
    public const string Alias = "alias";

    private static readonly string[] Known = [View, Click, Search, AddToCart, Purchase, Impression, Reward, Consent, Identify, Alias];

    /// <summary>How strongly an event of this type speaks for its item: 0 for types that are no interest in an item.</summary>
    public static double InterestWeight(string type) => type switch
    {
        View or Click => 1,
        AddToCart => 3,
        Purchase => 5,
        _ => 0,
    };

    /// <summary>How strongly an event of this type speaks for the category and the brand it names.</summary>
    /// <remarks>
    /// A search inside a category says something too, though it concerns no item. What was only shown says nothing: it would draw
    /// people ever more to what they were shown.
    /// </remarks>
    internal static double AffinityWeight(string type) => type is Impression or Reward ? 0 : Math.Max(InterestWeight(type), 0.5);

    /// <summary>Gives the one shared string for a known type, so that a profile holds no copies.</summary>
    internal static string? Shared(ReadOnlySpan<byte> utf8)
    {
        foreach (var known in Known)
        {
            if (known.Length == utf8.Length && System.Text.Ascii.Equals(utf8, known))
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>Gives the one shared string for a known type, and the same string for any other.</summary>
    internal static string Shared(string type)
    {
        foreach (var known in Known)
        {
            if (known == type)
            {
                return known;
            }
        }

        return type;
    }
}
