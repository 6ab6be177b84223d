using Personalization.Core.Profiles;

namespace Personalization.Grains.Profiles;

/// <summary>A <see cref="Detachment"/> on its way from a device's grain to its login's.</summary>
/// <param name="IsOwner">Whether the login owns the device now.</param>
/// <param name="HasHistory">Whether all that ever happened on the device is the login's.</param>
/// <param name="Parcel">What the device held, or null.</param>
/// <param name="Previous">The login that owned the device before, or null.</param>
[GenerateSerializer]
[Immutable]
[Alias("pz.joining")]
public sealed record Joining(
    [property: Id(0)] bool IsOwner, [property: Id(1)] bool HasHistory, [property: Id(2)] byte[]? Parcel, [property: Id(3)] string? Previous)
{
    internal static Joining Of(Detachment from) => new(from.IsOwner, from.HasHistory, from.Parcel, from.Previous);

    internal Detachment ToDetachment() => new(IsOwner, HasHistory, Parcel, Previous);
}
