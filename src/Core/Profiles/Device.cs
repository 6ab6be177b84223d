namespace Personalization.Core.Profiles;

/// <summary>A device that was joined to a login.</summary>
/// <param name="Id">The device's id.</param>
/// <param name="HasHistory">
/// Whether all that ever happened on it is in this profile. Not so for one that was another person's before: that one's history stays theirs.
/// </param>
public readonly record struct Device(string Id, bool HasHistory);
