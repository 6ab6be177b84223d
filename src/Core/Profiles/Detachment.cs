namespace Personalization.Core.Profiles;

/// <summary>What a device answers that is to be joined to a login.</summary>
/// <param name="IsOwner">Whether the login owns the device now; not so where a newer link stands, or the device is a login itself.</param>
/// <param name="HasHistory">Whether all that ever happened on the device is the login's.</param>
/// <param name="Parcel">What the device held, as <see cref="UserProfile.Write"/> writes it, until the login says that it has it; else null.</param>
/// <param name="Previous">The login that owned the device before, or null.</param>
public sealed record Detachment(bool IsOwner, bool HasHistory, byte[]? Parcel, string? Previous);
