using System.Buffers;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <summary>What happened in a person's last session: how deep it went.</summary>
/// <param name="Views">Items viewed or clicked.</param>
/// <param name="Searches">Searches made.</param>
/// <param name="CartAdds">Items put into the cart.</param>
/// <param name="Purchases">Items bought.</param>
public readonly record struct SessionCounts(ushort Views, ushort Searches, ushort CartAdds, ushort Purchases)
{
    /// <summary>Counts one event more. What no person does more than 65 535 times in a session stays there.</summary>
    internal SessionCounts With(string type) => type switch
    {
        EventTypes.View or EventTypes.Click => this with { Views = Sum(Views, 1) },
        EventTypes.Search => this with { Searches = Sum(Searches, 1) },
        EventTypes.AddToCart => this with { CartAdds = Sum(CartAdds, 1) },
        EventTypes.Purchase => this with { Purchases = Sum(Purchases, 1) },
        _ => this,
    };

    /// <summary>Adds those of another device's session at the same time.</summary>
    internal SessionCounts Merge(SessionCounts other) => new(
        Sum(Views, other.Views), Sum(Searches, other.Searches), Sum(CartAdds, other.CartAdds), Sum(Purchases, other.Purchases));

    internal void Write(IBufferWriter<byte> output)
    {
        output.WriteNumber((uint)Views);
        output.WriteNumber((uint)Searches);
        output.WriteNumber((uint)CartAdds);
        output.WriteNumber((uint)Purchases);
    }

    internal static SessionCounts Read(ref BytesReader reader) =>
        new(reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());

    private static ushort Sum(ushort left, ushort right) => (ushort)Math.Min(ushort.MaxValue, left + right);
}
